import AWSCore
import OCI
import RegistryCore

/// Begins to find out what a lifecycle policy would do: the one that is given, else the repository's own.
struct StartLifecyclePolicyPreview: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: RepositoryName
    let lifecyclePolicyText: LifecyclePolicyText?

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        let text = try await registry.startLifecyclePreview(of: lifecyclePolicyText?.value, in: repositoryName)
        return Output(registry: registry.id, repositoryName: repositoryName, policyText: text)
    }

    struct Output: JSONObject {
        let registry: RegistryID
        let repositoryName: RepositoryName
        let policyText: String

        func members(_ json: inout JSONWriter) {
            json.member("registryId", registry.account)
            json.member("repositoryName", repositoryName)
            json.member("lifecyclePolicyText", policyText)
            json.member("status", LifecyclePreview.Status.inProgress.rawValue)
        }
    }
}
