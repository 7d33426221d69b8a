import Foundation
import Identity
import Stores

/// Gives the table that GenerateCredentialReport made.
struct GetCredentialReport: AccountOperation {
    func run(_ context: OperationContext) async throws -> Output {
        let report = try await context.account.credentialReport()
        return Output(
            content: Data(report.content.utf8).base64EncodedString(), reportFormat: "text/csv", generatedTime: report.generatedAt)
    }

    struct Output: Encodable, Sendable {
        let content: String
        let reportFormat: String
        let generatedTime: Timestamp
    }
}
