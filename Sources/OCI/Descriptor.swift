/// A reference from a manifest to content: type, digest, size and annotations.
///
/// Source: OCI image specification, descriptor.md.
package struct Descriptor: Hashable, Sendable {
    package let mediaType: MediaType
    package let digest: Digest
    /// In bytes.
    package let size: Int64
    /// Where else the content can be had; Berth keeps them and never fetches them.
    package let urls: [String]
    package let artifactType: String?
    package let annotations: [String: String]

    package init(
        mediaType: MediaType, digest: Digest, size: Int64, urls: [String] = [], artifactType: String? = nil, annotations: [String: String] = [:]
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.urls = urls
        self.artifactType = artifactType
        self.annotations = annotations
    }
}
