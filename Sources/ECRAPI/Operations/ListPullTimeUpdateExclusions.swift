import AWSCore
import IAM
import RegistryCore

/// Lists the users and roles whose pulls do not count, by ARN.
struct ListPullTimeUpdateExclusions: ECROperation {
    let maxResults: MaxResults?
    let nextToken: String?

    var registryId: AccountID? { nil }

    func permissions(in registry: Registry) -> [Permission] { [permission(in: registry)] }

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        let cursor: PrincipalARN? = try context.pages.cursor(of: nextToken, of: "all")
        let page = try await registry.pullTimeExclusions(after: cursor?.text, limit: maxResults.limit)
        return Output(
            pullTimeUpdateExclusions: page.elements,
            nextToken: try context.pages.token(after: page.next.flatMap { PrincipalARN($0) }, of: "all"))
    }

    struct Output: JSONObject {
        let pullTimeUpdateExclusions: [String]
        let nextToken: String?

        func members(_ json: inout JSONWriter) {
            json.member("pullTimeUpdateExclusions", pullTimeUpdateExclusions)
            json.member("nextToken", nextToken)
        }
    }
}
