import AWSCore
import IAM
import Identity

/// Accepts tokens of an issuer for an audience no longer.
struct RemoveClientIDFromOpenIDConnectProvider: OIDCProviderOperation {
    let openIDConnectProviderArn: EntityARN
    let clientID: ClientID

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.removeClientID(clientID.value, fromOIDCProvider: openIDConnectProviderArn.value)
        return NoOutput()
    }
}
