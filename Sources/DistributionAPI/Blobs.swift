import HTTPTypes
import OCI
import RegistryCore

/// `/v2/<name>/blobs/<digest>`: only what was pushed to the repository, or mounted into it, is there.
extension Call {
    func getBlob(_ digest: Digest) async throws -> DistributionResponse {
        let blob = try await registry.openLayer(digest, in: name)
        var headers = blobHeaders(digest)
        if request.headers.noneMatchNames(digest) {
            blob.content.close()
            return .empty(.notModified, headers)
        }
        let size = blob.layer.size
        guard let asked = requestedRange(of: digest) else {
            try countTransfer(of: size, blob)
            var response = DistributionResponse(status: .ok, headers: headers, body: .blob(try await blob.whole(), 0..<size))
            response.isRevocable = blob.isRevocable
            response.layer = blob.foundAt
            return response
        }
        guard let range = asked.within(size) else {
            blob.content.close()
            throw DistributionError.rangeNotSatisfiable(size: size)
        }
        try countTransfer(of: range.upperBound - range.lowerBound, blob)
        headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
        return DistributionResponse(status: .partialContent, headers: headers, body: .blob(blob.content, range))
    }

    /// The range that is asked for; nil for the whole: also when If-Range names other content (RFC 9110 §13.1.5).
    private func requestedRange(of digest: Digest) -> ByteRange? {
        if let condition = request.headers[.ifRange], condition != HTTPFields.entityTag(of: digest) { return nil }
        return request.headers[.range].flatMap(ByteRange.init(header:))
    }

    /// Tells whether the blob is there; to a caller who may push, also that it will stay for a manifest that names it.
    func headBlob(_ digest: Digest) async throws -> DistributionResponse {
        let found = try await registry.findLayers([digest], in: name, reserving: try await isAllowed("ecr:InitiateLayerUpload", on: name))
        guard let blob = found.first else { throw RegistryError.layerNotFound(digest, name, registry: registry.id) }
        var headers = blobHeaders(digest)
        if request.headers.noneMatchNames(digest) { return .empty(.notModified, headers) }
        headers[.contentLength] = String(blob.size)
        return .empty(.ok, headers)
    }

    private func blobHeaders(_ digest: Digest) -> HTTPFields {
        var headers = HTTPFields()
        headers.reserveCapacity(12)
        headers.append(HTTPField(name: .contentType, value: "application/octet-stream"))
        headers.append(HTTPField(name: .contentDisposition, value: "attachment"))
        headers.append(HTTPField(name: .acceptRanges, value: "bytes"))
        headers.append(HTTPField(name: .dockerContentDigest, value: digest.description))
        headers.append(HTTPField(name: .eTag, value: HTTPFields.entityTag(of: digest)))
        return headers
    }

    /// Takes the blob out of this repository; others that hold it keep it.
    func deleteBlob(_ digest: Digest) async throws -> DistributionResponse {
        try await registry.deleteLayer(digest, from: name)
        return .empty(.accepted)
    }
}
