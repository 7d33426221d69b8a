import AWSCore
import RegistryCore

/// The model's Repository.
struct RepositoryShape: JSONObject {
    let repository: Repository
    /// Where the caller reaches this registry, for the URI.
    let host: String

    init(_ repository: Repository, context: OperationContext) {
        self.repository = repository
        host = context.request.registryHost(of: repository.registry.account)
    }

    func members(_ json: inout JSONWriter) {
        json.member("repositoryArn", repository.registry.arn(of: repository.name).description)
        json.member("registryId", repository.registry.account)
        json.member("repositoryName", repository.name)
        json.member("repositoryUri", "\(host)/\(repository.name)")
        json.member("createdAt", milliseconds: repository.createdAt.milliseconds)
        repository.mutability.write(to: &json)
        json.member("imageScanningConfiguration") { $0.member("scanOnPush", false) }
        json.encryption(repository.encryption.name, key: repository.encryption.key)
    }
}
