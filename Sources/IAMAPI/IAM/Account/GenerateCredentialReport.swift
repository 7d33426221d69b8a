import Identity

/// Makes the table of who has which credentials, unless there is a recent one.
struct GenerateCredentialReport: AccountOperation {
    func run(_ context: OperationContext) async throws -> Output {
        try await context.account.generateCredentialReport()
            ? Output(state: "STARTED", description: "No report exists. Starting a new report generation task")
            : Output(state: "COMPLETE", description: nil)
    }

    struct Output: Encodable, Sendable {
        let state: String
        let description: String?
    }
}
