/// A manifest as it was pushed: its bytes, unchanged for ever, and what they say.
///
/// `init(payload:…)` in `ManifestParsing.swift` is the only way to one, so every `Manifest` is well formed.
package struct Manifest: Sendable {
    /// What kind of manifest it is, with what it refers to.
    package enum Content: Sendable {
        /// An image or artifact: a config and layers (either may be missing in artifacts of early tools).
        case image(config: Descriptor?, layers: [Descriptor])
        /// An index or manifest list.
        case index(manifests: [Descriptor])
    }

    /// The exact bytes.
    package let payload: [UInt8]
    package let mediaType: MediaType
    package let content: Content
    package let artifactType: String?
    package let subject: Descriptor?
    package let annotations: [String: String]

    package init(
        payload: [UInt8], mediaType: MediaType, content: Content, artifactType: String?, subject: Descriptor?, annotations: [String: String]
    ) {
        self.payload = payload
        self.mediaType = mediaType
        self.content = content
        self.artifactType = artifactType
        self.subject = subject
        self.annotations = annotations
    }

    /// What kind of artifact it is to the referrers API: its `artifactType`, else its config's media type; nil of an index without one.
    ///
    /// Source: OCI Distribution specification 1.1, "Listing Referrers".
    package var effectiveArtifactType: String? {
        if let artifactType { return artifactType }
        guard case .image(let config, _) = content else { return nil }
        return config?.mediaType.description
    }

    /// The blobs that must be in the repository before this manifest is: config and distributable layers, each once, in order.
    package var requiredBlobs: [Descriptor] {
        guard case .image(let config, let layers) = content else { return [] }
        var seen: Set<Digest> = []
        let named = (config.map { [$0] } ?? []) + layers.filter { !$0.mediaType.isNonDistributable }
        return named.filter { seen.insert($0.digest).inserted }
    }

    /// The manifests that must be in the repository before this one is: an index's children, each once, in order.
    package var requiredManifests: [Descriptor] {
        guard case .index(let manifests) = content else { return [] }
        var seen: Set<Digest> = []
        return manifests.filter { seen.insert($0.digest).inserted }
    }
}
