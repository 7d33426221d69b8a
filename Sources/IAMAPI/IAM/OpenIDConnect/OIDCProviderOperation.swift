import AWSCore
import IAM
import Identity

/// An operation on one OpenID Connect provider.
protocol OIDCProviderOperation: IAMOperation {
    var openIDConnectProviderArn: EntityARN { get }
}

extension OIDCProviderOperation {
    func permissions(_ context: OperationContext) async throws -> [Permission] { [permission(on: try await target(context))] }

    /// What the operation is about; nil when the ARN is none.
    func target(_ context: OperationContext) async throws -> Target? {
        try await context.account.target(oidcProvider: openIDConnectProviderArn.value)
    }
}

/// The model's clientIDType and thumbprintType.
typealias ClientID = Bounded.Text<1, 255>
typealias Thumbprint = Bounded.Text<40, 40>
