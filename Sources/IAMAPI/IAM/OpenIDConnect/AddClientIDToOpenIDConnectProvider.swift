import AWSCore
import IAM
import Identity

/// Accepts tokens of an issuer for one more audience.
struct AddClientIDToOpenIDConnectProvider: OIDCProviderOperation {
    let openIDConnectProviderArn: EntityARN
    let clientID: ClientID

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.addClientID(clientID.value, toOIDCProvider: openIDConnectProviderArn.value)
        return NoOutput()
    }
}
