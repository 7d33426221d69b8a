import AWSCore
import OCI
import RegistryCore

/// Appends a part to the upload of a layer. Parts come in order; byte positions are inclusive.
struct UploadLayerPart<Service: ECRService>: RepositoryOperation {
    let registryId: Service.RegistryReference?
    let repositoryName: Service.RepositoryName
    let uploadId: UploadID
    let partFirstByte: PartSize
    let partLastByte: PartSize
    let layerPartBlob: LayerPart

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        guard partLastByte.value - partFirstByte.value == Int64(layerPartBlob.bytes.readableBytes) - 1 else {
            let upload = try await registry.upload(uploadId.id, in: repository)
            throw AWSError(
                invalidPart: "The layer part has \(layerPartBlob.bytes.readableBytes) bytes, which are not those from partFirstByte to partLastByte.",
                upload: uploadId.text, lastByte: upload.offset - 1, repository, registry.id)
        }
        let part = UploadedPart.part(layerPartBlob.bytes, from: partFirstByte.value)
        let upload = try await registry.append(part, to: uploadId.id, in: repository)
        return Output(registry: registry.id, repositoryName: repository, uploadId: uploadId, lastByteReceived: upload.offset - 1)
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
