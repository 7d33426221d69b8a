import AWSCore
import IAM
import Identity

/// Adds tags to an issuer, or replaces their values.
struct TagOpenIDConnectProvider: OIDCProviderOperation {
    let openIDConnectProviderArn: EntityARN
    let tags: TagList

    func permissions(_ context: OperationContext) async throws -> [Permission] { [permission(on: try await target(context), tags: tags)] }

    func run(_ context: OperationContext) async throws -> NoOutput {
        try await context.account.addTags(tags.values.tags, toOIDCProvider: openIDConnectProviderArn.value)
        return NoOutput()
    }
}
