import AWSCore
import IAM
import RegistryCore
import Stores

/// Lets the pulls of a user or role no longer count in `lastRecordedPullTime`.
struct RegisterPullTimeUpdateExclusion: ECROperation {
    let principalArn: PrincipalARN

    var registryId: AccountID? { nil }

    func permissions(in registry: Registry) -> [Permission] { [permission(in: registry)] }

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        Output(principalArn: principalArn.text, createdAt: try await registry.addPullTimeExclusion(principalArn.text))
    }

    struct Output: JSONObject {
        let principalArn: String
        let createdAt: Timestamp

        func members(_ json: inout JSONWriter) {
            json.member("principalArn", principalArn)
            json.member("createdAt", milliseconds: createdAt.milliseconds)
        }
    }
}
