import AWSCore
import IAM
import Identity

/// Lists the ARNs of all issuers.
struct ListOpenIDConnectProviders: IAMOperation {
    func permissions(_ context: OperationContext) -> [Permission] { [permission(on: context.account.arn("oidc-provider/*"))] }

    func run(_ context: OperationContext) async throws -> Output {
        let providers = try await context.account.oidcProviders()
        return Output(openIDConnectProviderList: QueryList(providers.map { Output.Entry(arn: $0.arn.description) }))
    }

    struct Output: Encodable, Sendable {
        struct Entry: Encodable, Sendable {
            let arn: String
        }

        let openIDConnectProviderList: QueryList<Entry>
    }
}
