import AWSCore
import Foundation
import IAM
import Identity
import RegistryCore
import Stores

/// Gives a password for the docker side of public registries, for 12 hours.
struct PublicGetAuthorizationToken: PublicOperation {
    static let name = "GetAuthorizationToken"

    var registryId: AccountID? { nil }

    func permissions(in registry: Registry) -> [Permission] {
        [
            permission(in: registry),
            Permission("sts:GetServiceBearerToken", owner: registry.id.account, facts: ["sts:AWSServiceName": [Service.host]]),
        ]
    }

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        Output(token: try await context.tokens.issue(to: context.request.caller))
    }

    struct Output: JSONObject {
        let token: DockerToken

        func members(_ json: inout JSONWriter) {
            json.member("authorizationData") { json in
                json.member("authorizationToken", Data("AWS:\(token.password)".utf8).base64EncodedString())
                json.member("expiresAt", milliseconds: token.expiresAt.milliseconds)
            }
        }
    }
}

extension PublicECR {
    /// The service as the condition key `sts:AWSServiceName` has it.
    fileprivate static let host = "ecr-public.amazonaws.com"
}
