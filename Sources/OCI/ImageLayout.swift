/// The files of an OCI image layout that are not content.
///
/// Source: OCI image specification 1.1, image-layout.md.
package enum ImageLayout {
    /// The file that makes a folder a layout, and what it holds.
    package static let markerName = "oci-layout"
    package static let version = "1.0.0"
    package static let indexName = "index.json"
    /// The annotation in which `index.json` has the tag of an image.
    package static let referenceName = "org.opencontainers.image.ref.name"

    /// Where content lies, relative to the folder: `blobs/<algorithm>/<hex>`.
    package static func path(of digest: Digest) -> String { "blobs/\(digest.algorithm.rawValue)/\(digest.hex)" }

    /// `oci-layout`
    package struct Marker: Codable, Hashable, Sendable {
        package let imageLayoutVersion: String

        package init() { imageLayoutVersion = ImageLayout.version }
    }

    /// `index.json`
    package struct Index: Codable, Hashable, Sendable {
        package let schemaVersion: Int
        package let mediaType: String?
        package let manifests: [Entry]

        package init(_ manifests: [Entry]) {
            schemaVersion = 2
            mediaType = MediaType.ociIndex.description
            self.manifests = manifests
        }
    }

    /// An image in `index.json`; one with several tags has as many.
    package struct Entry: Codable, Hashable, Sendable {
        package let mediaType: String
        package let digest: String
        /// In bytes.
        package let size: Int64
        package let annotations: [String: String]?

        package init(mediaType: MediaType, digest: Digest, size: Int64, tag: ImageTag?) {
            self.mediaType = mediaType.description
            self.digest = digest.description
            self.size = size
            annotations = tag.map { [ImageLayout.referenceName: $0.description] }
        }

        /// What the image is called in the layout; nil when it is not.
        package var reference: String? { annotations?[ImageLayout.referenceName] }
    }
}
