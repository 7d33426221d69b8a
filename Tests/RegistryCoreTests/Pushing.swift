import NIOCore
import OCI
import RegistryCore
import Stores

/// A parsed name for tests; a typo in a test is a failure of the test.
func repository(_ text: String) throws -> RepositoryName {
    guard let name = RepositoryName(text) else { throw BadLiteral(text: text) }
    return name
}

func tag(_ text: String) throws -> ImageTag {
    guard let tag = ImageTag(text) else { throw BadLiteral(text: text) }
    return tag
}

struct BadLiteral: Error {
    let text: String
}

extension Registry {
    /// Uploads `content` in one stream; its digest.
    @discardableResult
    func push(_ content: [UInt8], by algorithm: Digest.Algorithm = .sha256, to name: RepositoryName) async throws -> Digest {
        let upload = try await startUpload(in: name)
        _ = try await append(.stream(stream(of: content), from: nil), to: upload.id, in: name)
        let digest = Digest.of(content, by: algorithm)
        _ = try await completeUpload(upload.id, as: digest, in: name)
        return digest
    }

    /// Pushes an image of these layers, which are uploaded first, under `tags`.
    @discardableResult
    func pushImage(layers: [[UInt8]], tags: [ImageTag], to name: RepositoryName) async throws -> PushedImage {
        let config = Array(#"{"architecture":"amd64","os":"linux"}"#.utf8)
        for content in [config] + layers { try await push(content, to: name) }
        return try await putImage(NewImage(manifest: try imageManifest(config: config, layers: layers), tags: tags), in: name)
    }

    /// All of a blob's bytes.
    func pull(_ digest: Digest, from name: RepositoryName) async throws -> [UInt8] {
        let open = try await openLayer(digest, in: name)
        defer { open.content.close() }
        var bytes: [UInt8] = []
        while Int64(bytes.count) < open.layer.size {
            let read = try await open.content.read(at: Int64(bytes.count), count: 1 << 16)
            bytes.append(contentsOf: read.readableBytesView)
        }
        return bytes
    }
}

/// `content` in pieces of `piece` bytes, as a socket delivers it.
func stream(of content: [UInt8], piece: Int = 1000) -> AnyAsyncSequence<ByteBuffer> {
    AnyAsyncSequence(
        AsyncStream { continuation in
            var start = 0
            while start < content.count {
                let end = min(start + piece, content.count)
                continuation.yield(ByteBuffer(bytes: content[start..<end]))
                start = end
            }
            continuation.finish()
        })
}

/// `content`, and then the connection breaks.
func brokenStream(of content: [UInt8]) -> AnyAsyncSequence<ByteBuffer> {
    AnyAsyncSequence(
        AsyncThrowingStream<ByteBuffer, any Error> { continuation in
            continuation.yield(ByteBuffer(bytes: content))
            continuation.finish(throwing: ConnectionBroken())
        })
}

struct ConnectionBroken: Error {}

private func descriptor(_ content: [UInt8], _ type: String) -> String {
    #"{"mediaType":"\#(type)","digest":"\#(Digest.of(content))","size":\#(content.count)}"#
}

/// An OCI image manifest of a config and layers.
func imageManifest(config: [UInt8], layers: [[UInt8]], subject: Digest? = nil) throws -> Manifest {
    let layers = layers.map { descriptor($0, "application/vnd.oci.image.layer.v1.tar") }.joined(separator: ",")
    let subject = subject.map { #","subject":{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"\#($0)","size":2}"# } ?? ""
    let text = """
        {"schemaVersion":2,"mediaType":"\(MediaType.ociManifest)","config":\(descriptor(config, MediaType.ociImageConfig.description)),\
        "layers":[\(layers)]\(subject)}
        """
    return try Manifest(payload: Array(text.utf8), contentType: .ociManifest)
}

/// An OCI index of manifests that are already pushed.
func indexManifest(of children: [Digest]) throws -> Manifest {
    let children = children.map { #"{"mediaType":"\#(MediaType.ociManifest)","digest":"\#($0)","size":2}"# }.joined(separator: ",")
    let text = #"{"schemaVersion":2,"mediaType":"\#(MediaType.ociIndex)","manifests":[\#(children)]}"#
    return try Manifest(payload: Array(text.utf8), contentType: .ociIndex)
}
