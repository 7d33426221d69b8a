import OCI
import Stores

/// A manifest that names another as its subject, as the referrers API lists it.
package struct Referrer: Hashable, Sendable {
    package let digest: Digest
    package let mediaType: MediaType
    /// The length of the manifest, in bytes.
    package let size: Int64
    package let artifactType: String?
    package let annotations: [String: String]
    package let cursor: ImageCursor
}

extension Registry {
    /// The manifests whose subject is `subject`, oldest first; all artifact types, or those of `artifactTypes` when not empty.
    /// An unknown subject has none. Throws `repositoryNotFound`.
    package func referrers(of subject: Digest, in name: RepositoryName, artifactTypes: [String], after cursor: ImageCursor?, limit: Int) async throws
        -> Page<Referrer, ImageCursor>
    { fatalError("stub") }
}
