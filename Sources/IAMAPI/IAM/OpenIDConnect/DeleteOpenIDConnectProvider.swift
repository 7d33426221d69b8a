import AWSCore
import IAM
import Identity

/// Trusts an issuer no longer.
struct DeleteOpenIDConnectProvider: OIDCProviderOperation {
    let openIDConnectProviderArn: EntityARN

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.deleteOIDCProvider(openIDConnectProviderArn.value)
        return NoOutput()
    }
}
