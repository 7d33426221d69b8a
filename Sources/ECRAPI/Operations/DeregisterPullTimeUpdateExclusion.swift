import AWSCore
import IAM
import RegistryCore

/// Lets the pulls of a user or role count again.
struct DeregisterPullTimeUpdateExclusion: ECROperation {
    let principalArn: PrincipalARN

    var registryId: AccountID? { nil }

    func permissions(in registry: Registry) -> [Permission] { [permission(in: registry)] }

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        try await registry.removePullTimeExclusion(principalArn.text)
        return Output(principalArn: principalArn.text)
    }

    struct Output: JSONObject {
        let principalArn: String

        func members(_ json: inout JSONWriter) {
            json.member("principalArn", principalArn)
        }
    }
}
