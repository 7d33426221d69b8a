import AWSCore
import IAM
import OCI
import RegistryCore

/// Describes the repositories of these names, or page by page all of the registry, by name.
struct DescribeRepositories<Service: ECRService>: ECROperation {
    let registryId: AccountID?
    let repositoryNames: Bounded.List<1, 100, Service.RepositoryName>?
    let nextToken: String?
    let maxResults: MaxResults?

    func permissions(in registry: Registry) -> [Permission] {
        guard let names = repositoryNames?.values else { return [permission(on: registry.id.arnOfAllRepositories)] }
        return names.map { permission(on: registry.id.arn(of: $0.repository)) }
    }

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        if let names = repositoryNames?.values {
            try refusePaging(nextToken, maxResults, with: "repositoryNames")
            let found = try await registry.repositories(names.map(\.repository))
            return Output(repositories: try await Service.shapes(of: found, in: registry, context), nextToken: nil)
        }
        let page = try await registry.repositories(after: context.pages.cursor(of: nextToken, of: "all"), limit: maxResults.limit)
        return Output(
            repositories: try await Service.shapes(of: page.elements, in: registry, context),
            nextToken: try context.pages.token(after: page.next, of: "all"))
    }

    struct Output: JSONObject {
        let repositories: [Service.RepositoryShape]
        let nextToken: String?

        func members(_ json: inout JSONWriter) {
            json.member("repositories", repositories)
            json.member("nextToken", nextToken)
        }
    }
}

extension RegistryID {
    /// What a policy must allow for a list of all repositories.
    fileprivate var arnOfAllRepositories: ARN {
        arn(of: "repository/*")
    }
}

/// Passes unless a list by name is asked for page by page.
func refusePaging<Limit>(_ nextToken: String?, _ maxResults: Limit?, with names: String) throws {
    guard let member = nextToken != nil ? "nextToken" : maxResults != nil ? "maxResults" : nil else { return }
    throw ConstraintViolation(member: member, reason: "Member must be null when \(names) is specified")
}
