import OCI

extension Registry {
    /// A token for a URL that gives one layer to whoever holds it, for `Limits.downloadLink`; unforgeable, URL-safe.
    /// Throws `repositoryNotFound`, `layerNotFound`, `layerInaccessible`.
    package func downloadToken(for digest: Digest, in name: RepositoryName) async throws -> String { fatalError("stub") }
}

extension RegistryServices {
    /// Opens the layer that a download token names; nil when the token is forged, expired, or its layer is gone.
    package func openDownload(_ token: String) async throws -> OpenLayer? { fatalError("stub") }
}
