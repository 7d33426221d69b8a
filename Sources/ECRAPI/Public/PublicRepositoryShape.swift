import AWSCore
import RegistryCore

/// The model's Repository of ECR Public.
struct PublicRepositoryShape: JSONObject {
    let repository: Repository
    /// Host and alias.
    let registryURI: String

    func members(_ json: inout JSONWriter) {
        json.member("repositoryArn", repository.registry.arn(of: repository.name).description)
        json.member("registryId", repository.registry.account)
        json.member("repositoryName", repository.name)
        json.member("repositoryUri", "\(registryURI)/\(repository.name)")
        json.member("createdAt", milliseconds: repository.createdAt.milliseconds)
    }
}
