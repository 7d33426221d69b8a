import JSONText

extension Manifest {
    /// Reads a manifest. `contentType` is what the request declares, without parameters; nil when it does not say.
    /// The size of the payload is the caller's to limit.
    ///
    /// Sources: OCI image specification 1.1 (manifest.md, image-index.md, descriptor.md), Docker image manifest version 2
    /// schema 2, CVE-2021-41190. Members beyond these are allowed and say nothing.
    package init(payload: [UInt8], contentType: MediaType?) throws(ManifestError) {
        do {
            try StrictJSON.check(payload)
        } catch {
            throw .json(error)
        }
        let json = try ManifestJSON(payload: payload)
        let mediaType = try Self.mediaType(of: json, contentType: contentType)
        if json.schemaVersion != 2, json.schemaVersion != nil || mediaType.isIndex || mediaType.isImageManifest {
            throw .schemaVersion(json.schemaVersion)
        }
        let content = try Self.content(of: json, mediaType: mediaType)
        if let artifactType = json.artifactType, MediaType(wellFormed: artifactType) == nil { throw .mediaTypeInvalid(path: "artifactType") }
        self.init(
            payload: payload, mediaType: mediaType, content: content, artifactType: json.artifactType,
            subject: try json.subject?.descriptor(at: "subject"), annotations: json.annotations ?? [:])
    }

    private static func mediaType(of json: ManifestJSON, contentType: MediaType?) throws(ManifestError) -> MediaType {
        guard let text = json.mediaType else {
            guard let contentType else { throw .mediaTypeMissing }
            // Docker's two types have had the member from their beginning; only OCI's may come without.
            guard contentType != .dockerManifest, contentType != .dockerManifestList else { throw .malformed(path: "mediaType") }
            guard contentType.isJSON, MediaType(wellFormed: contentType.description) != nil else { throw .mediaTypeNotJSON(contentType) }
            return contentType
        }
        guard let mediaType = MediaType(wellFormed: text) else { throw .mediaTypeInvalid(path: "mediaType") }
        if let contentType, contentType != mediaType { throw .mediaTypeMismatch(manifest: mediaType, request: contentType) }
        return mediaType
    }

    private static func content(of json: ManifestJSON, mediaType: MediaType) throws(ManifestError) -> Content {
        let isImage = json.config != nil || json.layers != nil
        if json.manifests != nil && isImage || json.manifests != nil && mediaType.isImageManifest || isImage && mediaType.isIndex {
            throw .mixedContent(mediaType)
        }
        if mediaType.isIndex && json.manifests == nil { throw .malformed(path: "manifests") }
        if mediaType.isImageManifest && json.config == nil { throw .malformed(path: "config") }
        if let manifests = json.manifests {
            let members = try descriptors(manifests, at: "manifests")
            try refuseOverflow(members)
            return .index(manifests: members)
        }

        // What the artifact manifests of early tools name must stay as long as they do, like layers.
        let layers = mediaType.isImageManifest ? json.layers ?? [] : (json.layers ?? []) + (json.blobs ?? [])
        let config = try json.config?.descriptor(at: "config")
        let named = try descriptors(layers, at: "layers")
        try refuseOverflow((config.map { [$0] } ?? []) + named)
        return .image(config: config, layers: named)
    }

    private static func descriptors(_ list: [DescriptorJSON], at path: String) throws(ManifestError) -> [Descriptor] {
        var result: [Descriptor] = []
        result.reserveCapacity(list.count)
        for (index, json) in list.enumerated() { result.append(try json.descriptor(at: "\(path)[\(index)]")) }
        return result
    }

    /// Whoever adds up the sizes later must not overflow.
    private static func refuseOverflow(_ descriptors: [Descriptor]) throws(ManifestError) {
        var total: Int64 = 0
        for descriptor in descriptors {
            let (sum, overflow) = total.addingReportingOverflow(descriptor.size)
            guard !overflow else { throw .sizeOverflow }
            total = sum
        }
    }
}
