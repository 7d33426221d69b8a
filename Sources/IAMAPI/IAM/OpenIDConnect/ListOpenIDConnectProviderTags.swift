import AWSCore
import IAM
import Identity

/// Lists an issuer's tags by key.
struct ListOpenIDConnectProviderTags: OIDCProviderOperation {
    let openIDConnectProviderArn: EntityARN
    let marker: Marker?
    let maxItems: MaxItems?

    func run(_ context: OperationContext) async throws -> TagsOutput {
        let arn = openIDConnectProviderArn.value
        return try TagsOutput(await context.account.tags(ofOIDCProvider: arn), of: arn, marker, maxItems, context)
    }
}
