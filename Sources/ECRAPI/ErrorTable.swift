import AWSCore
import OCI
import RegistryCore
import Stores

extension AWSError {
    /// What a rule of the registry says, in ECR's code and in the words that its clients match on.
    init(_ error: RegistryError) {
        switch error {
        case .repositoryNotFound(let name, let registry):
            self.init(
                "RepositoryNotFoundException", "The repository with name '\(name)' does not exist in the registry with id '\(registry.account)'")
        case .repositoryExists(let name, let registry):
            self.init(
                "RepositoryAlreadyExistsException",
                "The repository with name '\(name)' already exists in the registry with id '\(registry.account)'")
        case .repositoryNotEmpty(let name, let registry):
            self.init(
                "RepositoryNotEmptyException",
                "The repository with name '\(name)' in registry with id '\(registry.account)' cannot be deleted because it still contains images")
        case .tooManyRepositories(let limit):
            self.init("LimitExceededException", "The registry holds \(limit) repositories, which is the most that a registry can hold.")
        case .tooManyResourceTags(let limit):
            self.init(
                "TooManyTagsException",
                "The list of tags on the repository is over the limit. The maximum number of tags that can be applied to a repository is \(limit).")
        case .repositoryPolicyNotFound(let name, let registry):
            self.init(
                "RepositoryPolicyNotFoundException",
                "Repository policy does not exist for the repository with name '\(name)' in the registry with id '\(registry.account)'")
        case .registryPolicyNotFound(let registry):
            self.init("RegistryPolicyNotFoundException", "Registry policy does not exist in the registry with id '\(registry.account)'")
        case .templateNotFound(let prefix, let registry):
            self.init(
                "TemplateNotFoundException",
                "The repository creation template with prefix '\(prefix)' does not exist in the registry with id '\(registry.account)'")
        case .templateExists(let prefix, let registry):
            self.init(
                "TemplateAlreadyExistsException",
                "The repository creation template with prefix '\(prefix)' already exists in the registry with id '\(registry.account)'")
        case .tooManyTemplates(let limit):
            self.init(
                "LimitExceededException", "The registry has \(limit) repository creation templates, which is the most that a registry can have.")
        case .exclusionNotFound(let principal):
            self.init("ExclusionNotFoundException", "The pull time update exclusion for '\(principal)' does not exist.")
        case .exclusionExists(let principal):
            self.init("ExclusionAlreadyExistsException", "The pull time update exclusion for '\(principal)' already exists.")
        case .tooManyExclusions(let limit):
            self.init("LimitExceededException", "The registry has \(limit) pull time update exclusions, which is the most that a registry can have.")
        case .usageExceeded(let limit): self.init("LimitExceededException", limit.sentence)
        case .throttled: self.init("ThrottlingException", "Rate exceeded")
        case .transferExceeded: self.init("ThrottlingException", "Data limit exceeded")
        case .registryNotFound(let name):
            self.init("RegistryNotFoundException", "The registry with id or alias '\(name)' does not exist")

        case .lifecyclePolicyNotFound(let name, let registry):
            self.init(
                "LifecyclePolicyNotFoundException",
                "Lifecycle policy does not exist for the repository with name '\(name)' in the registry with id '\(registry.account)'")
        case .lifecyclePreviewNotFound(let name, let registry):
            self.init(
                "LifecyclePolicyPreviewNotFoundException",
                "Lifecycle policy preview does not exist for the repository with name '\(name)' in the registry with id '\(registry.account)'")
        case .lifecyclePreviewInProgress(let name, let registry):
            self.init(
                "LifecyclePolicyPreviewInProgressException",
                "A lifecycle policy preview is in progress for the repository with name '\(name)' in the registry with id '\(registry.account)'")

        case .imageNotFound(let image, let name, let registry):
            self.init(imageNotFound: image.sentence, name, registry)
        case .imageArchived(let image, let name, let registry):
            self.init("ImageArchivedException", "The image with imageId \(image.sentence) is archived in \(phrase(name, registry))")
        case .storageClassUpdateNotSupported(let digest, let name, let reason):
            self.init(
                "ImageStorageClassUpdateNotSupportedException",
                "The storage class of the image with digest '\(digest)' in the repository with name '\(name)' cannot be updated: \(reason).")
        case .imageExists(let digest, let tag, let name, let registry):
            self.init(
                "ImageAlreadyExistsException",
                "Image with digest '\(digest)' and tag '\(tag?.description ?? "null")' already exists in \(phrase(name, registry))")
        case .tagImmutable(let tag, let name, _):
            self.init(
                "ImageTagAlreadyExistsException",
                "The image tag '\(tag)' already exists in the '\(name)' repository and cannot be overwritten because the tag is immutable.")
        case .imageDigestMismatch(let digest, let name, let registry):
            self.init(digestMismatch: digest.description, name, registry)
        case .layersMissing(let digests, let name, let registry):
            self.init("LayersNotFoundException", "Layers with digests '\(list(digests))' \(requiredPhrase(name, registry))")
        case .imagesMissing(let digests, let name, let registry):
            self.init("ReferencedImagesNotFoundException", "Images with digests '\(list(digests))' \(requiredPhrase(name, registry))")
        case .imageReferenced(let indexes):
            self.init("InvalidParameterException", ImageRefusal.referenced(by: indexes).reason)
        case .imageNamesChanged:
            self.init("ServerException", "The tags of the image changed again and again while the request was decided. Try again.", status: 500)
        case .tooManyImages(let limit):
            self.init("LimitExceededException", "The repository holds \(limit) images, which is the most that a repository can hold.")
        case .tooManyTags(let limit):
            self.init("LimitExceededException", "The image would have more than \(limit) tags, which is the most that an image can have.")

        case .layerNotFound(let digest, let name, let registry):
            self.init(layerNotFound: digest.description, name, registry)
        case .layerReferenced(let digest):
            self.init("InvalidParameterException", "The layer with digest '\(digest)' is referenced by an image of the repository.")
        case .layerInaccessible(let digest):
            self.init(
                "LayerInaccessibleException",
                "The layer with digest '\(digest)' is not available because it is not associated with an image.")
        case .layerArchived(let digest):
            self.init("LayerInaccessibleException", "The layer with digest '\(digest)' is not available because only archived images use it.")
        case .layerExists(let digest, let name, let registry):
            self.init("LayerAlreadyExistsException", "The layer with digest '\(digest)' already exists in \(phrase(name, registry))")

        case .uploadNotFound(let id, let name, let registry):
            self.init("UploadNotFoundException", "The upload with id '\(id)' does not exist in \(phrase(name, registry))")
        case .uploadOutOfOrder(let id, let name, let lastByte, let registry):
            self.init(
                invalidPart: "The layer part does not begin after the last byte that was received.", upload: id, lastByte: lastByte, name, registry)
        case .uploadEmpty(let id, let name, let registry):
            self.init("EmptyUploadException", "The upload with id '\(id)' in \(phrase(name, registry)) contains no layer parts")
        case .uploadPartTooSmall(let id, _, let minimum, _):
            self.init(
                "LayerPartTooSmallException",
                "The upload with id '\(id)' has a part below \(minimum >> 20) MiB in size, which only the last part can be.")
        case .uploadPartTooLarge(let id, let name, let limit, let lastByte, let registry):
            self.init(invalidPart: "A layer part may have at most \(limit) bytes.", upload: id, lastByte: lastByte, name, registry)
        case .tooManyParts(let limit):
            self.init("LimitExceededException", "The upload has \(limit) layer parts, which is the most that an upload can have.")
        case .uploadTooLarge(let limit):
            self.init("LimitExceededException", "The layer would be larger than \(limit) bytes, which is the most that a layer can have.")
        case .layerDigestMismatch(let expected, let actual):
            self.init(
                "InvalidLayerException",
                "The layer digest '\(expected)' does not match the digest '\(actual)' of what was uploaded.")
        case .storageFull:
            // No status of AWS's: its SDKs repeat what is answered by 500, and a full disk stays full.
            self.init("ServerException", "The storage of the registry is full. Nothing was changed.", status: 507)
        }
    }

    /// What the key management service says of a repository's KMS key.
    init(_ failure: KeyFailure) {
        self.init(
            "KmsException", "The operation failed because of the KMS key: \(failure.message)", details: [.text("kmsError", failure.code.rawValue)])
    }

    /// For a tag or digest that is not there, or cannot be anywhere.
    init(imageNotFound image: String, _ name: RepositoryName, _ registry: RegistryID) {
        self.init(
            "ImageNotFoundException",
            "The image with imageId \(image) does not exist within the repository with name '\(name)' in the registry with id '\(registry.account)'")
    }

    /// For a digest that is not the manifest's.
    init(digestMismatch digest: String, _ name: RepositoryName, _ registry: RegistryID) {
        self.init(
            "ImageDigestDoesNotMatchException",
            "The image with digest '\(digest)' in repository '\(name)' and registry ID '\(registry.account)' "
                + "does not match the image digest that Amazon ECR has calculated.")
    }

    /// For a layer that is not there, or cannot be anywhere.
    init(layerNotFound digest: String, _ name: RepositoryName, _ registry: RegistryID) {
        self.init("LayersNotFoundException", "Layers with digests '[\(digest)]' do not exist in \(phrase(name, registry))")
    }

    /// For a part that does not fit; `lastByte` is -1 when no byte was received, which the answer leaves out.
    init(invalidPart message: String, upload: String, lastByte: Int64, _ name: RepositoryName, _ registry: RegistryID) {
        let details: [Detail] = [
            .text("registryId", registry.account.description), .text("repositoryName", name.description), .text("uploadId", upload),
        ]
        self.init(
            "InvalidLayerPartException", message, details: lastByte < 0 ? details : details + [.integer("lastValidByteReceived", lastByte)])
    }
}

private func phrase(_ name: RepositoryName, _ registry: RegistryID) -> String {
    "the repository with name '\(name)' in registry with id '\(registry.account)'"
}

private func requiredPhrase(_ name: RepositoryName, _ registry: RegistryID) -> String {
    "required for pushing image into repository with name '\(name)' in the registry with id '\(registry.account)' do not exist"
}

private func list(_ digests: [Digest]) -> String { "[\(digests.map(\.description).joined(separator: ", "))]" }
