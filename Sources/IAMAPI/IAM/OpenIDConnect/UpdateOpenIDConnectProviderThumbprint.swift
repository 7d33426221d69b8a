import AWSCore
import IAM
import Identity

/// Replaces the thumbprints of an issuer's certificates.
struct UpdateOpenIDConnectProviderThumbprint: OIDCProviderOperation {
    let openIDConnectProviderArn: EntityARN
    let thumbprintList: [Thumbprint]

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.setThumbprints(thumbprintList.map(\.value), ofOIDCProvider: openIDConnectProviderArn.value)
        return NoOutput()
    }
}
