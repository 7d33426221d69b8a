import AWSCore
import IAM
import OCI
import RegistryCore

/// Describes the repositories of these names, or page by page all of the registry, by name.
struct DescribeRepositories: ECROperation {
    let registryId: AccountID?
    let repositoryNames: Bounded.List<1, 100, RepositoryName>?
    let nextToken: String?
    let maxResults: MaxResults?

    func permissions(in registry: Registry) -> [Permission] {
        guard let names = repositoryNames?.values else { return [permission(on: registry.id.arnOfAllRepositories)] }
        return names.map { permission(on: registry.id.arn(of: $0)) }
    }

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        if let names = repositoryNames?.values {
            try refusePaging(nextToken, maxResults, with: "repositoryNames")
            return Output(repositories: try await registry.repositories(names).map { RepositoryShape($0, context: context) }, nextToken: nil)
        }
        let page = try await registry.repositories(after: context.pages.cursor(of: nextToken, of: "all"), limit: maxResults.limit)
        return Output(
            repositories: page.elements.map { RepositoryShape($0, context: context) },
            nextToken: try context.pages.token(after: page.next, of: "all"))
    }

    struct Output: JSONObject {
        let repositories: [RepositoryShape]
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
        ARN(service: "ecr", region: region.description, account: account.description, resource: "repository/*")
    }
}

/// Passes unless a list by name is asked for page by page.
func refusePaging<Limit>(_ nextToken: String?, _ maxResults: Limit?, with names: String) throws {
    guard let member = nextToken != nil ? "nextToken" : maxResults != nil ? "maxResults" : nil else { return }
    throw ConstraintViolation(member: member, reason: "Member must be null when \(names) is specified")
}
