import NIOCore
import OCI
import Stores

/// An upload session: bytes that are on their way to become a blob.
package struct LayerUpload: Hashable, Sendable {
    /// A random UUID in lower case; knowing it is not enough, the repository and the right to push count too.
    package let id: String
    /// The number of bytes held durably; the next byte to send.
    package let offset: Int64
}

/// How bytes of an upload come: on the docker path as a stream, by UploadLayerPart as a whole part.
package enum UploadedPart: Sendable {
    /// A request body of any size; `from` is where the client says that it begins, nil when it does not say.
    case stream(AnyAsyncSequence<ByteBuffer>, from: Int64?)
    /// A part of ECR's API, which must begin at `from`; all but the last must have `Limits.smallestLayerPartBytes`.
    case part(ByteBuffer, from: Int64)
}

extension Registry {
    /// Begins an upload. Throws `repositoryNotFound`.
    package func startUpload(in name: RepositoryName) async throws -> LayerUpload { fatalError("stub") }

    /// The state of an upload. Throws `repositoryNotFound`, `uploadNotFound`.
    package func upload(_ id: String, in name: RepositoryName) async throws -> LayerUpload { fatalError("stub") }

    /// Appends to an upload and returns when the bytes are durable. A stream that breaks off keeps what came, and rethrows.
    /// Throws `uploadNotFound`, `uploadOutOfOrder`, `uploadTooLarge`, `storageFull`.
    package func append(_ part: UploadedPart, to id: String, in name: RepositoryName) async throws -> LayerUpload { fatalError("stub") }

    /// Forgets an upload. Throws `uploadNotFound`.
    package func cancelUpload(_ id: String, in name: RepositoryName) async throws { fatalError("stub") }
}
