import AWSCore
import IAM
import RegistryCore

/// Describes the caller's registry.
struct DescribeRegistry: ECROperation {
    var registryId: AccountID? { nil }

    func permissions(in registry: Registry) -> [Permission] { [permission(in: registry)] }

    func run(in registry: Registry, context: OperationContext) async throws -> Output { Output(account: registry.id.account) }

    struct Output: JSONObject {
        let account: AccountID

        func members(_ json: inout JSONWriter) {
            json.member("registryId", account)
            // Without replication, its configuration is the one that has no rules.
            json.member("replicationConfiguration") { $0.member("rules", [String]()) }
        }
    }
}
