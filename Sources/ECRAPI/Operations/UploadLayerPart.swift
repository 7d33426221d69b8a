import AWSCore
import OCI
import RegistryCore

/// Appends a part to the upload of a layer. Parts come in order; byte positions are inclusive.
struct UploadLayerPart: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: RepositoryName
    let uploadId: UploadID
    let partFirstByte: PartSize
    let partLastByte: PartSize
    let layerPartBlob: LayerPart

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        guard partLastByte.value - partFirstByte.value == Int64(layerPartBlob.bytes.readableBytes) - 1 else {
            let upload = try await registry.upload(uploadId.id, in: repositoryName)
            throw AWSError(
                invalidPart: "The layer part has \(layerPartBlob.bytes.readableBytes) bytes, which are not those from partFirstByte to partLastByte.",
                upload: uploadId.text, lastByte: upload.offset - 1, repositoryName, registry.id)
        }
        let part = UploadedPart.part(layerPartBlob.bytes, from: partFirstByte.value)
        let upload = try await registry.append(part, to: uploadId.id, in: repositoryName)
        return Output(registry: registry.id, repositoryName: repositoryName, uploadId: uploadId, lastByteReceived: upload.offset - 1)
    }

    struct Output: JSONObject {
        let registry: RegistryID
        let repositoryName: RepositoryName
        let uploadId: UploadID
        let lastByteReceived: Int64

        func members(_ json: inout JSONWriter) {
            json.member("registryId", registry.account)
            json.member("repositoryName", repositoryName)
            json.member("uploadId", uploadId.text)
            json.member("lastByteReceived", lastByteReceived)
        }
    }
}
