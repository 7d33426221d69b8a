import OCI

/// Everything that a caller may be told by the rules of a registry; no wire code in it. Each dialect has one exhaustive
/// table from these cases to its own codes, statuses and texts.
package enum RegistryError: Error, Hashable {
    case repositoryNotFound(RepositoryName, registry: RegistryID)
    case repositoryExists(RepositoryName, registry: RegistryID)
    case repositoryNotEmpty(RepositoryName, registry: RegistryID)
    case tooManyRepositories(limit: Int)
    case tooManyResourceTags(limit: Int)
    case repositoryPolicyNotFound(RepositoryName, registry: RegistryID)
    case registryPolicyNotFound(RegistryID)
    case templateNotFound(TemplatePrefix, registry: RegistryID)
    case templateExists(TemplatePrefix, registry: RegistryID)
    case tooManyTemplates(limit: Int)
    case exclusionNotFound(principal: String)
    case exclusionExists(principal: String)
    case tooManyExclusions(limit: Int)
    /// The push would make the repository or the account larger than it may be.
    case usageExceeded(UsageLimit)
    /// The caller does this more often than it may.
    case throttled
    /// The address has pulled as much as it may in a month without credentials.
    case transferExceeded
    /// No public registry has this id or alias.
    case registryNotFound(String)

    case lifecyclePolicyNotFound(RepositoryName, registry: RegistryID)
    /// No preview was started.
    case lifecyclePreviewNotFound(RepositoryName, registry: RegistryID)
    /// The preview that was started last is not complete yet.
    case lifecyclePreviewInProgress(RepositoryName, registry: RegistryID)

    /// A tag or digest that is absent, or a tag and a digest that disagree.
    case imageNotFound(ImageIdentifier, RepositoryName, registry: RegistryID)
    /// The same manifest under the same tag is already there; only ECR's JSON API makes an error of it.
    case imageExists(Digest, tag: ImageTag?, RepositoryName, registry: RegistryID)
    /// The tag names another image and may not move.
    case tagImmutable(ImageTag, RepositoryName, registry: RegistryID)
    /// The digest that the caller gave is not the manifest's.
    case imageDigestMismatch(Digest, RepositoryName, registry: RegistryID)
    /// Blobs that the manifest names are not in the repository.
    case layersMissing([Digest], RepositoryName, registry: RegistryID)
    /// Manifests that the index names are not in the repository.
    case imagesMissing([Digest], RepositoryName, registry: RegistryID)
    /// The image is a member of these indexes and cannot be deleted.
    case imageReferenced(by: [Digest])
    /// The image got or lost a name since the request was allowed for the names that it had: it is to be decided anew.
    case imageNamesChanged
    /// The image is in the archive, or on its way back.
    case imageArchived(ImageIdentifier, RepositoryName, registry: RegistryID)
    /// The image cannot go to the storage class that was asked for.
    case storageClassUpdateNotSupported(Digest, RepositoryName, reason: String)
    case tooManyImages(limit: Int)
    case tooManyTags(limit: Int)

    case layerNotFound(Digest, RepositoryName, registry: RegistryID)
    /// A manifest of the repository names the blob, so it cannot be deleted.
    case layerReferenced(Digest)
    /// The blob is there but no image names it, so GetDownloadUrlForLayer gives no URL.
    case layerInaccessible(Digest)
    /// Only archived images name the layer.
    case layerArchived(Digest)
    /// The layer is already in the repository; only ECR's JSON API makes an error of it.
    case layerExists(Digest, RepositoryName, registry: RegistryID)

    case uploadNotFound(String, RepositoryName, registry: RegistryID)
    /// Bytes that do not begin where the upload ends; `lastByte` is the last one held, -1 when there is none.
    case uploadOutOfOrder(String, RepositoryName, lastByte: Int64, registry: RegistryID)
    /// Completed with nothing in it, by the layer API.
    case uploadEmpty(String, RepositoryName, registry: RegistryID)
    /// A part that was not the last was smaller than ECR allows.
    case uploadPartTooSmall(String, RepositoryName, minimum: Int64, registry: RegistryID)
    case uploadTooLarge(limit: Int64)
    case uploadPartTooLarge(String, RepositoryName, limit: Int, lastByte: Int64, registry: RegistryID)
    case tooManyParts(limit: Int64)
    /// The content has another digest than the caller said.
    case layerDigestMismatch(expected: Digest, actual: Digest)

    /// The device is full: nothing was changed, and reading goes on.
    case storageFull
}

/// What an image is asked for by: a digest, a tag, or both, which must agree.
package struct ImageIdentifier: Hashable, Sendable {
    package let digest: Digest?
    package let tag: ImageTag?

    package init(digest: Digest? = nil, tag: ImageTag? = nil) {
        self.digest = digest
        self.tag = tag
    }

    /// The identifier that an OCI reference is.
    package init(_ reference: Reference) {
        switch reference {
        case .digest(let digest): self.init(digest: digest)
        case .tag(let tag): self.init(tag: tag)
        }
    }
}
