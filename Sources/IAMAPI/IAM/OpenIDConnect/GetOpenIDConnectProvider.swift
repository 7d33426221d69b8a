import AWSCore
import IAM
import Identity
import Stores

/// Tells of an issuer, its URL without scheme.
struct GetOpenIDConnectProvider: OIDCProviderOperation {
    let openIDConnectProviderArn: EntityARN

    func run(_ context: OperationContext) async throws -> Output {
        let provider = try await context.account.oidcProvider(openIDConnectProviderArn.value)
        let tags = try await context.account.tags(ofOIDCProvider: openIDConnectProviderArn.value)
        return Output(
            url: provider.url, clientIDList: QueryList(provider.clientIDs), thumbprintList: QueryList(provider.thumbprints),
            createDate: provider.createdAt, tags: QueryList(tags.map(Tag.init)))
    }

    struct Output: Encodable, Sendable {
        let url: String
        let clientIDList: QueryList<String>
        let thumbprintList: QueryList<String>
        let createDate: Timestamp
        let tags: QueryList<Tag>
    }
}
