import AWSCore
import IAM
import OCI
import RegistryCore
import Stores

/// Gives the manifests of images; one that is not there is a failure among the results.
struct BatchGetImage: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: RepositoryName
    let imageIds: ImageIDs
    let acceptedMediaTypes: Bounded.List<1, 100, String>?

    /// One for each image, so that a policy can speak of tags and digests.
    func permissions(in registry: Registry) -> [Permission] {
        imageIds.values.map { permission(on: registry.id.arn(of: repositoryName), facts: $0.requestFacts) }
    }

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        let requests = imageIds.values.map(ImageRequest.init)
        do {
            return try await images(requests, in: registry, context)
        } catch let failure as KeyFailure {
            // One key is for all of them.
            return Output(failures: requests.map { ImageFailure(imageId: $0.imageId, refusal: .keyFailed(failure)) })
        }
    }

    private func images(_ requests: [ImageRequest], in registry: Registry, _ context: OperationContext) async throws -> Output {
        let found = try await registry.images(requests.compactMap(\.identifier), in: repositoryName)
        var remaining = found[...]
        var output = Output()
        for request in requests {
            switch request.target {
            case .success(let identifier):
                switch remaining.removeFirst() {
                case let image? where image.status == .active:
                    output.images.append(try await shape(of: image, as: identifier, in: registry, for: context.request.caller))
                case let image: output.failures.append(ImageFailure(imageId: request.imageId, refusal: image == nil ? .notFound : .archived))
                }
            case .failure(let refusal):
                output.failures.append(ImageFailure(imageId: request.imageId, refusal: refusal))
            }
        }
        return output
    }

    private func shape(of image: StoredImage, as identifier: ImageIdentifier, in registry: Registry, for caller: Caller) async throws -> ImageShape {
        let chosen = try await accepted(image, as: identifier, in: registry)
        registry.notePull(of: chosen, by: caller)
        return ImageShape(
            registry: registry.id, repositoryName: repositoryName, imageId: ImageIdentifier(digest: chosen.digest, tag: identifier.tag),
            payload: chosen.payload, mediaType: chosen.mediaType)
    }

    /// The image, or for a caller that names an index by tag and takes no index, its first member of a type that is taken.
    /// Nothing is converted: a manifest in no accepted type is given as it is, with its type beside it.
    private func accepted(_ image: StoredImage, as identifier: ImageIdentifier, in registry: Registry) async throws -> StoredImage {
        guard identifier.digest == nil, image.mediaType.isIndex, let types = acceptedMediaTypes?.values,
            !types.contains(image.mediaType.description)
        else { return image }
        let members = try Manifest(payload: image.payload, contentType: image.mediaType).requiredManifests
        guard let member = members.first(where: { types.contains($0.mediaType.description) }) else { return image }
        let found = try await registry.images([ImageIdentifier(digest: member.digest)], in: repositoryName)
        return found.first.flatMap { $0?.status == .active ? $0 : nil } ?? image
    }

    struct Output: JSONObject {
        var images: [ImageShape] = []
        var failures: [ImageFailure] = []

        func members(_ json: inout JSONWriter) {
            json.member("images", images)
            json.member("failures", failures)
        }
    }
}
