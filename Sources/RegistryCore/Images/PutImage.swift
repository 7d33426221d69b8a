import OCI
import Stores

/// A manifest to store and the tags to put on it.
package struct NewImage: Sendable {
    package let manifest: Manifest
    /// Tags to set; may be empty when pushed by digest.
    package let tags: [ImageTag]
    /// The digest that the caller gave, whose algorithm the image is stored under; nil: sha256.
    package let digest: Digest?

    package init(manifest: Manifest, tags: [ImageTag], digest: Digest? = nil) {
        self.manifest = manifest
        self.tags = tags
        self.digest = digest
    }
}

/// What a push did.
package struct PushedImage: Hashable, Sendable {
    package let digest: Digest
    /// False when the manifest was there before and every tag already named it: nothing changed.
    package let changed: Bool
}

extension Registry {
    /// Stores a manifest and sets its tags in one transaction, durable when it returns. The same push again changes nothing.
    /// Throws `repositoryNotFound`, `imageDigestMismatch`, `layersMissing`, `imagesMissing`, `tagImmutable`, `tooManyImages`, `tooManyTags`.
    package func putImage(_ image: NewImage, in name: RepositoryName) async throws -> PushedImage { fatalError("stub") }
}
