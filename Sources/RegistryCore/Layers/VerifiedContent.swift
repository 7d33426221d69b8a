import NIOCore
import OCI
import Stores
import Synchronization

extension OpenLayer {
    /// Up to this size content is verified before the first byte is given out, in bytes; beyond it while it is read.
    private static let smallSize: Int64 = 256 << 10

    /// The content for who reads all of it, in order. Where it was not verified lately, it is now: when it is not what its digest says, it
    /// goes into quarantine, and its last bytes are never given out: reading them throws `BlobStoreError.failed`. Throws `layerNotFound`
    /// for a small one, as for any that is in quarantine, and has closed it then. The receiver closes what it gets instead of `content`.
    package func whole() async throws -> any OpenBlob {
        guard let place, place.services.isToBeVerified(place.record) else { return content }
        guard layer.size <= Self.smallSize else { return VerifiedContent(content, place) }
        do {
            if try await content.digest(by: layer.digest.algorithm, count: layer.size) == layer.digest {
                place.services.noteVerified(place.record.objectKey)
                return content
            }
            _ = try await place.services.quarantineIfDamaged(CheckedBlob(place.record))
        } catch {
            content.close()
            throw error
        }
        content.close()
        throw place.notFound
    }
}

/// Where an open layer comes from.
struct OpenPlace: Sendable {
    let services: RegistryServices
    let registry: RegistryID
    let repository: RepositoryName
    let record: LayerRecord

    var notFound: RegistryError { .layerNotFound(record.layer.digest, repository, registry: registry) }
}

extension RegistryServices {
    /// True of an object that was not seen to be right within `Limits.verificationLife`. An encrypted one is seen to be right by the reading, under
    /// keys that only its digest has; it is hashed besides only when every reading is to be.
    func isToBeVerified(_ record: LayerRecord) -> Bool {
        guard let life = limits.verificationLife, record.sealedBytes == nil || life == .zero else { return false }
        guard let seen = verified[record.objectKey] else { return true }
        return clock.now >= seen + life
    }

    func noteVerified(_ key: ObjectKey) { verified[key] = clock.now }
}

/// Content that is hashed while it is read. Without a file descriptor, so that every byte passes by here.
private final class VerifiedContent: OpenBlob {
    private struct State {
        var short = SHA256Stream()
        var long = SHA512Stream()
        /// Nil once bytes were read out of order: then nothing can be said.
        var offset: Int64? = 0
    }

    private let base: any OpenBlob
    private let place: OpenPlace
    private let state = Mutex(State())

    init(_ base: any OpenBlob, _ place: OpenPlace) {
        self.base = base
        self.place = place
    }

    var size: Int64 { base.size }
    var fileDescriptor: CInt? { nil }

    func read(at offset: Int64, count: Int) async throws -> ByteBuffer {
        let bytes = try await base.read(at: offset, count: count)
        // Hashing a piece takes half a millisecond, which the other connections of an event loop need not wait for.
        let whole = await withTaskExecutorPreference(globalConcurrentExecutor) { append(bytes, at: offset) }
        guard let digest = whole else { return bytes }
        if digest == place.record.layer.digest {
            place.services.noteVerified(place.record.objectKey)
            return bytes
        }
        let damage = try await place.services.quarantineIfDamaged(CheckedBlob(place.record))
        throw BlobStoreError.failed(damage ?? "blob \(place.record.layer.digest) was read with other bytes than it has")
    }

    func close() { base.close() }

    /// The digest of everything, when these were the last bytes.
    private func append(_ bytes: ByteBuffer, at offset: Int64) -> Digest? {
        let layer = place.record.layer
        return state.withLock { state in
            guard state.offset == offset else {
                state.offset = nil
                return nil
            }
            bytes.withUnsafeReadableBytes { bytes in
                switch layer.digest.algorithm {
                case .sha256: state.short.update(bytes)
                case .sha512: state.long.update(bytes)
                }
            }
            let end = offset + Int64(bytes.readableBytes)
            state.offset = end
            guard end == layer.size, bytes.readableBytes > 0 else { return nil }
            return layer.digest.algorithm == .sha256 ? state.short.digest() : state.long.digest()
        }
    }
}
