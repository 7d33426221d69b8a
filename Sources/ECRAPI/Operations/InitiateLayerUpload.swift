import AWSCore
import OCI
import RegistryCore

/// Begins the upload of a layer.
struct InitiateLayerUpload<Service: ECRService>: RepositoryOperation {
    let registryId: Service.RegistryReference?
    let repositoryName: Service.RepositoryName

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        let upload = try await registry.creatingRepository(repository, for: context.request, by: context.authorizer) {
            try await registry.startUpload(in: repository)
        }
        return Output(uploadId: upload.id, partSize: registry.limits.advisedLayerPartBytes)
    }

    struct Output: JSONObject {
        let uploadId: String
        let partSize: Int

        func members(_ json: inout JSONWriter) {
            json.member("uploadId", uploadId)
            json.member("partSize", partSize)
        }
    }
}
