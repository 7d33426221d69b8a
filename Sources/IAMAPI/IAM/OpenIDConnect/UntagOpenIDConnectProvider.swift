import AWSCore
import IAM
import Identity

/// Takes tags from an issuer by key.
struct UntagOpenIDConnectProvider: OIDCProviderOperation {
    let openIDConnectProviderArn: EntityARN
    let tagKeys: TagKeyList

    func permissions(_ context: OperationContext) async throws -> [Permission] { [permission(on: try await target(context), untagging: tagKeys)] }

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.removeTags(tagKeys.values.map(\.value), fromOIDCProvider: openIDConnectProviderArn.value)
        return NoOutput()
    }
}
