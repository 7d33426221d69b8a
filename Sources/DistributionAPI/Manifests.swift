import HTTPTypes
import NIOCore
import OCI
import RegistryCore

/// `/v2/<name>/manifests/<reference>`: a manifest is stored, and served, as the bytes that were pushed, whatever is accepted.
extension Call {
    /// How many `tag` parameters one push may have; the specification asks for 10 at least.
    static let maximumTagParameters = 100

    func getManifest(_ reference: Reference) async throws -> DistributionResponse {
        let image = try await registry.image(ImageIdentifier(reference), in: name)
        if registry.id.isPublic { registry.notePull(of: name) }
        let headers = manifestHeaders(image.digest, image.mediaType)
        var response = DistributionResponse.empty(.notModified, headers)
        if !request.headers.noneMatchNames(image.digest) {
            response = DistributionResponse(status: .ok, headers: headers, body: .bytes(ByteBuffer(bytes: image.payload)))
        }
        response.pulled = image.key
        response.isRevocable = image.isRevocable
        return response
    }

    func headManifest(_ reference: Reference) async throws -> DistributionResponse {
        let image = try await registry.imageStat(ImageIdentifier(reference), in: name)
        var headers = manifestHeaders(image.digest, image.mediaType)
        if request.headers.noneMatchNames(image.digest) { return .empty(.notModified, headers) }
        headers[.contentLength] = String(image.size)
        return .empty(.ok, headers)
    }

    private func manifestHeaders(_ digest: Digest, _ mediaType: MediaType) -> HTTPFields {
        [.contentType: mediaType.description, .dockerContentDigest: digest.description, .eTag: HTTPFields.entityTag(of: digest)]
    }

    /// Stores a manifest under its digest or a tag, and under the tags of the `tag` parameters, which the answer repeats.
    func putManifest(_ reference: Reference) async throws -> DistributionResponse {
        let parameters = try tagParameters()
        let payload = try await body(upTo: registry.limits.manifestBytes)
        let manifest: Manifest
        do {
            manifest = try Manifest(payload: payload, contentType: request.headers[.contentType].flatMap(MediaType.init(contentType:)))
        } catch {
            throw DistributionError.manifestInvalid(error)
        }
        let image =
            switch reference {
            case .digest(let digest): NewImage(manifest: manifest, tags: parameters, digest: digest)
            case .tag(let tag): NewImage(manifest: manifest, tags: [tag] + parameters.filter { $0 != tag })
            }
        if case .tag = reference {
            // The path did not say the digest, which policies may speak of.
            let digest = Digest.of(payload)
            try await authorize(permissions(["ecr:PutImage"], pushedImages(image.tags, digest: digest)))
        }
        let pushed = try await creatingRepository { try await registry.putImage(image, in: name) }

        var headers: HTTPFields = [.location: path("manifests/\(pushed.digest)"), .dockerContentDigest: pushed.digest.description]
        if let subject = manifest.subject { headers[.ociSubject] = subject.digest.description }
        headers[values: .ociTag] = parameters.map(\.description)
        return .empty(.created, headers)
    }

    /// The tags of the `tag` parameters, each once.
    func tagParameters() throws(DistributionError) -> [ImageTag] {
        var tags: [ImageTag] = []
        for text in query.values(of: "tag") {
            guard let tag = ImageTag(text) else { throw .tagInvalid(text) }
            if !tags.contains(tag) { tags.append(tag) }
            guard tags.count <= Self.maximumTagParameters else { throw .tooManyTagParameters(limit: Self.maximumTagParameters) }
        }
        return tags
    }

    /// Removes a tag, or an image with all its tags.
    func deleteManifest(_ reference: Reference) async throws -> DistributionResponse {
        try await registry.deleteManifest(reference, in: name)
        return .empty(.accepted)
    }
}
