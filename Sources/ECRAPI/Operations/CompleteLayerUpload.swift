import AWSCore
import OCI
import RegistryCore

/// Makes a layer of an upload.
struct CompleteLayerUpload<Service: ECRService>: RepositoryOperation {
    let registryId: Service.RegistryReference?
    let repositoryName: Service.RepositoryName
    let uploadId: UploadID
    let layerDigests: Bounded.List<1, 100, LayerDigest>

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        let digest = try await theDigest(in: registry)
        let completed = try await registry.completeUpload(uploadId.id, as: digest, in: repository, strict: true)
        return Output(registry: registry.id, repositoryName: repository, uploadId: uploadId, layerDigest: completed.layer.digest)
    }

    /// The one digest that all of `layerDigests` are: content cannot have two of one algorithm, and is checked by one only.
    private func theDigest(in registry: Registry) async throws -> Digest {
        let digests = Set(layerDigests.values.map(\.digest))
        if digests.count == 1, let digest = digests.first ?? nil { return digest }
        _ = try await registry.upload(uploadId.id, in: repository)
        let list = layerDigests.values.map(\.text).joined(separator: ", ")
        throw AWSError("InvalidLayerException", "The layer digests '[\(list)]' are not one sha256 or sha512 digest.")
    }

    struct Output: JSONObject {
        let registry: RegistryID
        let repositoryName: RepositoryName
        let uploadId: UploadID
        let layerDigest: Digest

        func members(_ json: inout JSONWriter) {
            json.member("registryId", registry.account)
            json.member("repositoryName", repositoryName)
            json.member("uploadId", uploadId.text)
            json.member("layerDigest", layerDigest)
        }
    }
}
