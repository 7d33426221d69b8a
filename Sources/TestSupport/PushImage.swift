import NIOCore
import OCI
import RegistryCore

extension Registry {
    /// Uploads what `image` is made of, then its members, then the image itself with `tags`.
    @discardableResult
    package func push(_ image: TestImage, to name: RepositoryName, tags: [ImageTag] = []) async throws -> PushedImage {
        for member in image.members { try await push(member, to: name) }
        if image.members.isEmpty {
            for blob in image.blobs { try await push(blob, to: name) }
        }
        return try await putImage(NewImage(manifest: image.manifest, tags: tags), in: name)
    }

    /// Uploads one blob as one part.
    @discardableResult
    package func push(_ blob: TestImage.Blob, to name: RepositoryName) async throws -> CompletedLayer {
        let upload = try await startUpload(in: name)
        _ = try await append(.part(ByteBuffer(bytes: blob.bytes), from: 0), to: upload.id, in: name)
        return try await completeUpload(upload.id, as: blob.descriptor.digest, in: name)
    }
}
