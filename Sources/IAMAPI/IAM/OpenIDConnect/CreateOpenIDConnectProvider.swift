import AWSCore
import IAM
import Identity

/// Registers an issuer of OpenID Connect tokens, by which its users act as roles.
struct CreateOpenIDConnectProvider: IAMOperation {
    let url: Bounded.Text<1, 255>
    let clientIDList: [ClientID]?
    let thumbprintList: [Thumbprint]?
    let tags: TagList?

    func permissions(_ context: OperationContext) -> [Permission] {
        let address = url.value.hasPrefix("https://") ? String(url.value.dropFirst("https://".count)) : url.value
        let provider = Account.arn(ofOIDCProvider: address, in: context.caller.account)
        return [permission(on: Target(arn: provider), tags: tags)] + tagging(TagOpenIDConnectProvider.self, provider, tags)
    }

    func run(_ context: OperationContext) async throws -> Output {
        let provider = try await context.account.createOIDCProvider(
            url.value, clientIDs: clientIDList?.map(\.value) ?? [], thumbprints: thumbprintList?.map(\.value) ?? [], tags: tags.tags)
        return Output(
            openIDConnectProviderArn: provider.arn.description, tags: tags.tags.isEmpty ? nil : QueryList(tags.tags.map(Tag.init)))
    }

    struct Output: Encodable, Sendable {
        let openIDConnectProviderArn: String
        let tags: QueryList<Tag>?
    }
}
