import AWSCore
import OCI
import RegistryCore

/// Gives a URL from which any HTTP client can fetch a layer for an hour.
struct GetDownloadUrlForLayer: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: RepositoryName
    let layerDigest: LayerDigest

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        guard let digest = layerDigest.digest else {
            _ = try await registry.repository(repositoryName)
            throw AWSError(layerNotFound: layerDigest.text, repositoryName, registry.id)
        }
        let token = try await registry.downloadToken(for: digest, in: repositoryName)
        return Output(downloadUrl: "\(context.request.origin)/layers/\(token)", layerDigest: digest)
    }

    struct Output: JSONObject {
        let downloadUrl: String
        let layerDigest: Digest

        func members(_ json: inout JSONWriter) {
            json.member("downloadUrl", downloadUrl)
            json.member("layerDigest", layerDigest)
        }
    }
}
