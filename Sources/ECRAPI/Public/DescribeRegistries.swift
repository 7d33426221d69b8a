import AWSCore
import IAM
import RegistryCore

/// Describes the caller's public registry: one account has one.
struct DescribeRegistries: PublicOperation {
    let nextToken: String?
    let maxResults: MaxResults?

    var registryId: AccountID? { nil }

    func permissions(in registry: Registry) -> [Permission] { [permission(in: registry)] }

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        // The first page is the last, so no token was ever given.
        if nextToken != nil { throw ConstraintViolation.nextToken }
        return Output(registries: [RegistryShape(registry: registry.id, aliases: try await registry.aliases(), context)])
    }

    struct Output: JSONObject {
        let registries: [RegistryShape]

        func members(_ json: inout JSONWriter) {
            json.member("registries", registries)
        }
    }
}

/// The model's Registry.
struct RegistryShape: JSONObject {
    let registry: RegistryID
    let uri: String
    let aliases: [AliasRecord]

    init(registry: RegistryID, aliases: [AliasRecord], _ context: OperationContext) {
        self.registry = registry
        self.aliases = aliases
        uri = context.uri(of: aliases)
    }

    func members(_ json: inout JSONWriter) {
        json.member("registryId", registry.account)
        json.member("registryArn", registry.arn(of: "registry/\(registry.account)").description)
        json.member("registryUri", uri)
        // Vendors of AWS Marketplace are verified, and nobody else.
        json.member("verified", false)
        json.member("aliases", aliases)
    }
}

extension AliasRecord: JSONObject {
    package func members(_ json: inout JSONWriter) {
        json.member("name", name.description)
        json.member("status", status.rawValue)
        json.member("primaryRegistryAlias", isPrimary)
        json.member("defaultRegistryAlias", isDefault)
    }
}
