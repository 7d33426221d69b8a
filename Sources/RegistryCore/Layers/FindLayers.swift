import OCI
import Stores

/// A blob as one repository sees it.
package struct Layer: Hashable, Sendable {
    package let digest: Digest
    /// In bytes.
    package let size: Int64
}

/// A blob open for reading; `content.close()` is the receiver's to call.
package struct OpenLayer: Sendable {
    package let layer: Layer
    package let content: any OpenBlob
}

extension Registry {
    /// The blobs of `digests` that are in the repository, each once, in no order. With `reserving`, each answer is a promise
    /// that a manifest naming the blob can be pushed for `Limits.blobLease` (promise P4): for callers with push rights.
    /// Throws `repositoryNotFound`.
    package func findLayers(_ digests: [Digest], in name: RepositoryName, reserving: Bool) async throws -> [Layer] { fatalError("stub") }

    /// Opens a blob for reading. Throws `repositoryNotFound`, `layerNotFound`.
    package func openLayer(_ digest: Digest, in name: RepositoryName) async throws -> OpenLayer { fatalError("stub") }
}
