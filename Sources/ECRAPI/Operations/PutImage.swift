import AWSCore
import IAM
import OCI
import RegistryCore

/// Stores a manifest and tags it. The bytes are kept as they are; the same push twice is an error here, though not on the docker path.
struct PutImage<Service: ECRService>: RepositoryOperation {
    let registryId: Service.RegistryReference?
    let repositoryName: Service.RepositoryName
    let imageManifest: Bounded.Text<1, 4_194_304>
    let imageManifestMediaType: String?
    let imageTag: Bounded.Text<1, 300>?
    let imageDigest: String?

    func permissions(in registry: Registry) -> [Permission] {
        var facts = [ConditionKey.imageDigest: [imageDigest ?? Digest.of(Array(imageManifest.value.utf8)).description]]
        facts[ConditionKey.imageTag] = imageTag.map { [$0.value] }
        return [permission(on: registry.id.arn(of: repository), facts: facts)]
    }

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        let (tag, digest) = (try checkedTag(), try checkedDigest(in: registry))
        let manifest = try parsedManifest(atMost: registry.limits.manifestBytes)
        let image = NewImage(manifest: manifest, tags: tag.map { [$0] } ?? [], digest: digest)
        let pushed = try await registry.creatingRepository(repository, for: context.request, by: context.authorizer) {
            try await registry.putImage(image, in: repository)
        }
        guard pushed.changed else { throw RegistryError.imageExists(pushed.digest, tag: tag, repository, registry: registry.id) }
        return Output(
            image: ImageShape(
                registry: registry.id, repositoryName: repository, imageId: ImageIdentifier(digest: pushed.digest, tag: tag),
                payload: manifest.payload, mediaType: manifest.mediaType))
    }

    private func checkedTag() throws -> ImageTag? {
        guard let text = imageTag?.value else { return nil }
        guard let tag = ImageTag(text) else {
            throw ConstraintViolation(member: "imageTag", reason: "must satisfy regular expression '\(ImageTag.pattern)'")
        }
        return tag
    }

    private func checkedDigest(in registry: Registry) throws -> Digest? {
        guard let text = imageDigest else { return nil }
        guard let wellFormed = LayerDigest(text) else { throw ConstraintViolation(member: "imageDigest", reason: LayerDigest.constraint) }
        guard let digest = wellFormed.digest else { throw AWSError(digestMismatch: text, repository, registry.id) }
        return digest
    }

    private func parsedManifest(atMost limit: Int) throws -> Manifest {
        let payload = Array(imageManifest.value.utf8)
        // The model counts characters, the limit is in bytes.
        guard payload.count <= limit else {
            throw ConstraintViolation(member: "imageManifest", reason: "Member must have length less than or equal to \(limit)")
        }
        do {
            return try Manifest(payload: payload, contentType: imageManifestMediaType.map(MediaType.init))
        } catch .mediaTypeMissing {
            throw ConstraintViolation(member: "ImageManifest", reason: "image manifest mediatype not provided in manifest or parameter")
        } catch .json {
            throw ConstraintViolation(member: "ImageManifest", reason: "Invalid JSON syntax")
        } catch {
            throw ConstraintViolation(member: "ImageManifest", reason: "Invalid JSON syntax: \(error)")
        }
    }

    struct Output: JSONObject {
        let image: ImageShape

        func members(_ json: inout JSONWriter) {
            json.member("image", image)
        }
    }
}
