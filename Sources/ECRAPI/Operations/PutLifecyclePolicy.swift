import AWSCore
import OCI
import RegistryCore

/// Sets the lifecycle policy of a repository.
struct PutLifecyclePolicy: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: RepositoryName
    let lifecyclePolicyText: LifecyclePolicyText

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        try await registry.putLifecyclePolicy(lifecyclePolicyText.value, of: repositoryName)
        return Output(registry: registry.id, repositoryName: repositoryName, policyText: lifecyclePolicyText.value)
    }

    struct Output: JSONObject {
        let registry: RegistryID
        let repositoryName: RepositoryName
        let policyText: String

        func members(_ json: inout JSONWriter) {
            json.member("registryId", registry.account)
            json.member("repositoryName", repositoryName)
            json.member("lifecyclePolicyText", policyText)
        }
    }
}
