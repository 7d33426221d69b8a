import NIOCore
import OCI
import Stores

/// How an object lies in the archive: a byte that says how it is written, then its bytes.
///
/// Layers are compressed already as a rule; what a try on the first piece does not make smaller is kept as it is.
enum ArchivedContent {
    private enum Form: UInt8 {
        case plain = 0
        case deflated = 1
    }

    /// Writes `size` bytes of `content` to a new object of the archive, durable when it returns; the number of bytes that they take
    /// there. Throws `BlobStoreError.failed` for content that has not `digest`.
    static func write(_ content: any OpenBlob, size: Int64, digest: Digest, to object: consuming NewObject) async throws -> Int64 {
        let form = try await worthwhileForm(of: content)
        var upload = object
        do {
            var hash = ContentHash(digest.algorithm)
            var deflate = try Deflate(.compress)
            try await upload.write(ByteBuffer(bytes: [form.rawValue]))
            let end = try await content.readPieces(to: size) { bytes, offset in
                hash.update(bytes)
                let stored = form == .plain ? bytes : try deflate.process(bytes, isLast: offset == size)
                if stored.readableBytes > 0 { try await upload.write(stored) }
            }
            guard end == size else { throw BlobStoreError.failed("the object of \(digest) is shorter than it should be") }
            guard hash.digest == digest else { throw BlobStoreError.failed("the bytes for the archive have not the digest \(digest)") }
        } catch {
            await upload.abandon()
            throw error
        }
        return try await upload.finish()
    }

    /// Gives the bytes of an object of the archive, in order and piece by piece, to `receive`. Throws `ArchiveDamage` for an object that
    /// is not whole.
    static func read(_ stored: any OpenBlob, _ receive: (ByteBuffer) async throws -> Void) async throws {
        guard let first = try await stored.read(at: 0, count: 1).readableBytesView.first, let form = Form(rawValue: first) else {
            throw ArchiveDamage(reason: "the object does not begin as it should")
        }
        var inflate = try Deflate(.expand)
        do {
            let end = try await stored.readPieces(from: 1, to: stored.size) { bytes, offset in
                let content = form == .plain ? bytes : try inflate.process(bytes, isLast: offset == stored.size)
                if content.readableBytes > 0 { try await receive(content) }
            }
            guard end == stored.size else { throw ArchiveDamage(reason: "the object is cut off") }
        } catch let error as DeflateError {
            throw ArchiveDamage(reason: "the object cannot be expanded (zlib \(error.status))")
        }
    }

    private static func worthwhileForm(of content: any OpenBlob) async throws -> Form {
        let sample = try await content.read(at: 0, count: 256 << 10)
        var deflate = try Deflate(.compress)
        let compressed = try deflate.process(sample, isLast: true)
        return compressed.readableBytes * 20 < sample.readableBytes * 19 ? .deflated : .plain
    }
}

/// An object of the archive is not what was written.
struct ArchiveDamage: Error, Hashable {
    let reason: String
}

/// The digest of what comes in pieces, by either algorithm.
struct ContentHash {
    private var short = SHA256Stream()
    private var long = SHA512Stream()
    private let algorithm: Digest.Algorithm

    init(_ algorithm: Digest.Algorithm) { self.algorithm = algorithm }

    mutating func update(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { bytes in
            switch algorithm {
            case .sha256: short.update(bytes)
            case .sha512: long.update(bytes)
            }
        }
    }

    var digest: Digest { algorithm == .sha256 ? short.digest() : long.digest() }
}
