import AWSCore
import IAM
import OCI
import RegistryCore

/// Deletes images: by tag the tag, and with its last tag the image; by digest the image and all its tags.
struct BatchDeleteImage<Service: ECRService>: RepositoryOperation {
    let registryId: Service.RegistryReference?
    let repositoryName: Service.RepositoryName
    let imageIds: ImageIDs

    /// One for each image, so that a policy can speak of tags and digests.
    func permissions(in registry: Registry) -> [Permission] {
        imageIds.values.map { permission(on: registry.id.arn(of: repository), facts: $0.requestFacts) }
    }

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        let requests = imageIds.values.map(ImageRequest.init)
        let deletions = try await registry.deleteImages(requests.compactMap(\.identifier), in: repository)
        var remaining = deletions[...]
        var output = Output()
        for request in requests {
            do {
                _ = try request.target.get()
                output.imageIds += try remaining.removeFirst().deleted()
            } catch {
                output.failures.append(ImageFailure(imageId: request.imageId, refusal: error))
            }
        }
        return output
    }

    struct Output: JSONObject {
        var imageIds: [ImageIdentifier] = []
        var failures: [ImageFailure] = []

        func members(_ json: inout JSONWriter) {
            json.member("imageIds", imageIds)
            json.member("failures", failures)
        }
    }
}

extension ImageDeletion {
    /// The tags and digests that are gone. Throws why nothing is.
    fileprivate func deleted() throws(ImageRefusal) -> [ImageIdentifier] {
        switch self {
        case .deleted(let identifiers): return identifiers
        case .notFound: throw .notFound
        case .referenced(let indexes): throw .referenced(by: indexes)
        }
    }
}
