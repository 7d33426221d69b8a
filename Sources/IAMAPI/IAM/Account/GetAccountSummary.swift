import AWSCore
import Identity

/// Counts what there is in the account, and what there may be.
struct GetAccountSummary: AccountOperation {
    func run(_ context: OperationContext) async throws -> Output {
        Output(summaryMap: QueryMap(try await context.account.summary()))
    }

    struct Output: Encodable, Sendable {
        let summaryMap: QueryMap<Int>
    }
}
