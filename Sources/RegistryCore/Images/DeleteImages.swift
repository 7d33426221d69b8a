import OCI

/// What became of one identifier of `deleteImages`.
package enum ImageDeletion: Hashable, Sendable {
    /// The tags and digests that are gone: by tag one entry; by digest one for each tag, or one without.
    case deleted([ImageIdentifier])
    case notFound
    /// A member of these indexes stays.
    case referenced(by: [Digest])
}

extension Registry {
    /// BatchDeleteImage: by tag removes the tag, and the image with its last tag; by digest removes the image and all its tags.
    /// One answer for each identifier, in order. Throws `repositoryNotFound`.
    package func deleteImages(_ identifiers: [ImageIdentifier], in name: RepositoryName) async throws -> [ImageDeletion] { fatalError("stub") }

    /// The docker DELETE: by tag removes the tag only, by digest the image and all its tags.
    /// Throws `repositoryNotFound`, `imageNotFound`, `imageReferenced`.
    package func deleteManifest(_ reference: Reference, in name: RepositoryName) async throws { fatalError("stub") }
}
