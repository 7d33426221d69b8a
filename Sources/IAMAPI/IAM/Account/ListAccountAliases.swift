import AWSCore
import Identity

/// Lists the account's alias, if it has one.
struct ListAccountAliases: AccountOperation {
    let marker: Marker?
    let maxItems: MaxItems?

    func run(_ context: OperationContext) async throws -> Output {
        let aliases = try await context.account.alias().map { [$0] } ?? []
        return Output(accountAliases: QueryList(aliases), isTruncated: false)
    }

    struct Output: Encodable, Sendable {
        let accountAliases: QueryList<String>
        let isTruncated: Bool
    }
}
