import OCI

/// What completing an upload did.
package struct CompletedLayer: Hashable, Sendable {
    package let layer: Layer
    /// True when the blob was in the repository before this upload.
    package let wasPresent: Bool
}

extension Registry {
    /// Makes a blob of an upload, under `digest`; durable when it returns. Repeating it with the same digest repeats the answer.
    /// `strict` adds the rules of ECR's layer API: not empty, no part but the last below 5 MiB, not present already.
    /// Throws `uploadNotFound`, `layerDigestMismatch`, `storageFull`; when strict also `uploadEmpty`, `uploadPartTooSmall`, `layerExists`.
    package func completeUpload(_ id: String, as digest: Digest, in name: RepositoryName, strict: Bool = false) async throws -> CompletedLayer {
        fatalError("stub")
    }
}
