import AWSCore
import Foundation
import IAM
import RegistryCore
import Stores

/// Gives a password for the docker side of every registry that the caller may use in this region, for 12 hours.
struct GetAuthorizationToken: ECROperation {
    let registryIds: Bounded.List<1, 10, AccountID>?

    var registryId: AccountID? { nil }

    func permissions(in registry: Registry) -> [Permission] { [permission(in: registry)] }

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        let token = try await context.tokens.issue(to: context.request.caller)
        let authorization = Data("AWS:\(token.password)".utf8).base64EncodedString()
        // One token opens them all; the entries differ only where account-shaped host names are used.
        let accounts = registryIds?.values ?? [context.request.caller.account]
        return Output(
            authorizationData: accounts.map { account in
                AuthorizationData(token: authorization, expiresAt: token.expiresAt, endpoint: context.request.registryOrigin(of: account))
            })
    }

    struct Output: JSONObject {
        let authorizationData: [AuthorizationData]

        func members(_ json: inout JSONWriter) {
            json.member("authorizationData", authorizationData)
        }
    }

    struct AuthorizationData: JSONObject {
        let token: String
        let expiresAt: Timestamp
        let endpoint: String

        func members(_ json: inout JSONWriter) {
            json.member("authorizationToken", token)
            json.member("expiresAt", milliseconds: expiresAt.milliseconds)
            json.member("proxyEndpoint", endpoint)
        }
    }
}
