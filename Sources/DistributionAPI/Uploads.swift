import HTTPTypes
import OCI
import RegistryCore

/// `/v2/<name>/blobs/uploads/…`: sessions. Their whole state lives in the path of `Location`, since some clients drop its query.
extension Call {
    /// A session, or at once a blob: mounted with `mount` and `from`, or made of the body with `digest`.
    func startUpload() async throws -> DistributionResponse {
        if let algorithm = query["digest-algorithm"], Digest.Algorithm(rawValue: algorithm) == nil {
            throw DistributionError.digestInvalid(algorithm)
        }
        if let mount = query["mount"] {
            let digest = try Digest(pathSegment: mount, method: request.method)
            if try await creatingRepository({ try await mountLayer(digest) }) { return created(digest) }
        } else if let text = query["digest"] {
            return try await uploadAtOnce(try Digest(pathSegment: text, method: request.method))
        }
        let upload = try await creatingRepository { try await registry.startUpload(in: name) }
        return .empty(.accepted, Self.uploadHeaders(upload.id, of: fullName, offset: upload.offset))
    }

    /// What a single POST needs beyond beginning an upload.
    func actionsOfSinglePost() -> [String] {
        query["digest"] != nil && query["mount"] == nil ? ["ecr:UploadLayerPart", "ecr:CompleteLayerUpload"] : []
    }

    /// False for whatever reason it cannot be mounted, so that nothing is told about a repository that the caller may not read.
    private func mountLayer(_ digest: Digest) async throws -> Bool {
        guard let source = query["from"].flatMap(repository(fullName:)),
            try await isAllowed("ecr:GetDownloadUrlForLayer", on: source)
        else { return false }
        return try await registry.mountLayer(digest, from: source, into: name)
    }

    private func uploadAtOnce(_ digest: Digest) async throws -> DistributionResponse {
        let upload = try await creatingRepository { try await registry.startUpload(in: name) }
        do {
            _ = try await registry.append(.stream(request.body, from: 0), to: upload.id, in: name, completingAs: digest)
        } catch {
            // The client never learns the session's id; should this fail too, the session expires.
            try? await registry.cancelUpload(upload.id, in: name)
            throw error
        }
        return created(digest)
    }

    func getUpload(_ id: UploadID) async throws -> DistributionResponse {
        let upload = try await registry.upload(id.text, in: name)
        return .empty(.noContent, Self.uploadHeaders(upload.id, of: fullName, offset: upload.offset))
    }

    /// Appends the body: a chunk that says where it begins, or a stream of any length.
    func patchUpload(_ id: UploadID) async throws -> DistributionResponse {
        let upload = try await registry.append(.stream(request.body, from: try chunkStart()), to: id.text, in: name)
        return .empty(.accepted, Self.uploadHeaders(upload.id, of: fullName, offset: upload.offset))
    }

    /// Where Content-Range says that the body begins; nil when it does not say.
    private func chunkStart() throws(DistributionError) -> Int64? {
        guard let header = request.headers[.contentRange] else { return nil }
        guard let range = ChunkRange(header: header) else { throw .chunkRangeInvalid(header) }
        guard request.contentLength ?? range.length == range.length else { throw .chunkLengthMismatch }
        return range.first
    }

    /// Appends the body, if there is one, and makes the upload a blob.
    func completeUpload(_ id: UploadID) async throws -> DistributionResponse {
        guard let text = query["digest"] else { throw DistributionError.digestMissing }
        let digest = try Digest(pathSegment: text, method: request.method)
        if carriesBody {
            do {
                _ = try await registry.append(.stream(request.body, from: try chunkStart()), to: id.text, in: name, completingAs: digest)
                return created(digest)
            } catch RegistryError.uploadNotFound {
                // An earlier attempt may have completed it, its answer lost: then completing again repeats the answer.
            }
        }
        _ = try await registry.completeUpload(id.text, as: digest, in: name)
        return created(digest)
    }

    /// What the last chunk needs beyond completing the upload.
    func actionsOfLastChunk() -> [String] { carriesBody ? ["ecr:UploadLayerPart"] : [] }

    func cancelUpload(_ id: UploadID) async throws -> DistributionResponse {
        try await registry.cancelUpload(id.text, in: name)
        return .empty(.noContent)
    }

    private func created(_ digest: Digest) -> DistributionResponse {
        .empty(.created, [.location: path("blobs/\(digest)"), .dockerContentDigest: digest.description])
    }

    /// Where to go on, and what is held. `0-0` stands for nothing as for one byte: docker's clients cannot read `0--1`.
    static func uploadHeaders(_ id: String, of name: String, offset: Int64) -> HTTPFields {
        [.location: "/v2/\(name)/blobs/uploads/\(id)", .range: "0-\(max(offset - 1, 0))", .dockerUploadUUID: id]
    }
}
