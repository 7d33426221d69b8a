/// A media type (RFC 6838) as manifests name it, without parameters; any text is kept as it was sent.
package struct MediaType: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Keeps `text` as it is.
    package init(_ text: String) { description = text }

    package static let ociManifest = MediaType("application/vnd.oci.image.manifest.v1+json")
    package static let ociIndex = MediaType("application/vnd.oci.image.index.v1+json")
    package static let dockerManifest = MediaType("application/vnd.docker.distribution.manifest.v2+json")
    package static let dockerManifestList = MediaType("application/vnd.docker.distribution.manifest.list.v2+json")
    package static let ociEmpty = MediaType("application/vnd.oci.empty.v1+json")
    package static let ociImageConfig = MediaType("application/vnd.oci.image.config.v1+json")
    package static let dockerImageConfig = MediaType("application/vnd.docker.container.image.v1+json")

    /// True of the two types whose manifests list other manifests.
    package var isIndex: Bool { self == .ociIndex || self == .dockerManifestList }

    /// True of the two types whose manifests name a config and layers.
    package var isImageManifest: Bool { self == .ociManifest || self == .dockerManifest }

    /// True of layer types that are never pushed: their content stays with the publisher, at their `urls`.
    package var isNonDistributable: Bool {
        description.hasPrefix("application/vnd.oci.image.layer.nondistributable.")
            || description == "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
            || description == "application/vnd.docker.image.rootfs.foreign.diff.tar"
    }
}
