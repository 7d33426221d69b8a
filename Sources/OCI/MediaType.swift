/// A media type (RFC 6838) as manifests name it, without parameters; any text is kept as it was sent.
package struct MediaType: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Keeps `text` as it is.
    package init(_ text: String) { description = text }

    /// `text`, when it can be a media type and stand in a header: 1 to 255 printable ASCII characters, no blank at either end.
    /// Laxer than RFC 6838 on purpose: artifacts are pushed with types that are not registered, and with parameters.
    package init?(wellFormed text: String) {
        let utf8 = text.utf8
        guard (1...255).contains(utf8.count), utf8.allSatisfy({ (0x20...0x7E).contains($0) }), utf8.first != 0x20, utf8.last != 0x20
        else { return nil }
        description = text
    }

    /// The type that a Content-Type header names, without its parameters; nil when it names none.
    package init?(contentType header: String) {
        let type = header.prefix { $0 != ";" }.split(whereSeparator: \.isWhitespace)
        guard type.count == 1, let name = type.first, let mediaType = MediaType(wellFormed: String(name)) else { return nil }
        self = mediaType
    }

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

    /// True of types whose content is JSON.
    package var isJSON: Bool { description.hasSuffix("+json") || description.hasSuffix("/json") }

    /// True of layer types that are never pushed: their content stays with the publisher, at their `urls`.
    package var isNonDistributable: Bool {
        description.hasPrefix("application/vnd.oci.image.layer.nondistributable.")
            || description == "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
            || description == "application/vnd.docker.image.rootfs.foreign.diff.tar"
    }
}
