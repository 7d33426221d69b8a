import NIOCore
import OCI
import SealedObjects
import Stores
import Synchronization

extension OpenBlob {
    /// The plaintext of the object `key`, which this is the stored form of, and which closes it. Throws `ObjectDamage`, and has closed it then.
    func opened(as key: ObjectKey, in domain: String, with keys: BlobKeys) async throws -> any OpenBlob {
        var content: any OpenBlob = self
        for (layer, dataKey) in keys.keys.enumerated().reversed() {
            content = try await SealedBlob(content, dataKey, context: SealContext.object(key, in: domain, layer: layer))
        }
        return content
    }
}

extension RegistryServices {
    /// Up to this size, in bytes, plaintext is kept in memory: it costs more to open than to send.
    private static let smallSize: Int64 = 16 << 10

    /// The content of an encrypted blob as one repository has it. Throws `BlobStoreError.missing`, `ObjectDamage`, `KeyFailure`.
    func openSealed(_ record: LayerRecord) async throws -> any OpenBlob {
        let keys = try await dataKeys(record.wrap, of: record.layer.digest, generation: record.generation, in: record.repository)
        if let content = recent.content(of: record.objectKey) { return ContentInMemory(content: content) }
        let stored = try await blobs.open(record.objectKey)
        guard stored.size == record.sealedBytes else {
            stored.close()
            throw ObjectDamage("it has another size than was stored")
        }
        let content = try await stored.opened(as: record.objectKey, in: record.repository.domain, with: keys)
        guard content.size == record.layer.size else {
            content.close()
            throw ObjectDamage("it has another size than its row says")
        }
        guard content.size <= Self.smallSize else { return SharedContent(base: content, key: record.objectKey, parts: frequent) }
        defer { content.close() }
        let bytes = try await content.readSoon(at: 0, count: Int(content.size))
        recent.keep(bytes, of: record.objectKey)
        return ContentInMemory(content: bytes)
    }

    /// The data keys of a blob, as a repository that holds it has them. Throws `ObjectDamage`, `KeyFailure`.
    func dataKeys(_ wrap: [UInt8]?, of digest: Digest, generation: Int64, in repository: Repository) async throws -> BlobKeys {
        guard let wrap else { throw ObjectDamage("\(repository.name) has no key for it") }
        return try await key(of: repository).unwrap(wrap, for: SealContext.dataKeys(of: digest, generation: generation, in: repository))
    }
}

/// The content of an encrypted blob on its way to a client. Damage ends the reading, and puts the blob in quarantine.
final class AuthenticatedContent: OpenBlob {
    /// After how many bytes the key is looked at again, which a client who is sent them does not wait for.
    private static let keyInterval: Int64 = 1 << 20

    private let base: any OpenBlob
    private let place: OpenPlace
    /// Up to where the key was found usable: without end where there is none that could cease to be.
    private let usableUntil: Atomic<Int64>

    init(_ base: any OpenBlob, _ place: OpenPlace) {
        self.base = base
        self.place = place
        usableUntil = Atomic(place.record.repository.encryption.key == nil ? .max : 0)
    }

    var size: Int64 { base.size }
    var fileDescriptor: CInt? { nil }

    func read(at offset: Int64, count: Int) async throws -> ByteBuffer {
        try await guarded(at: offset) { try await base.read(at: offset, count: count) }
    }

    func read(at offset: Int64, count: Int, into buffer: ReadBuffer) async throws -> ByteBuffer {
        try await guarded(at: offset) { try await base.read(at: offset, count: count, into: buffer) }
    }

    func readNow(at offset: Int64, count: Int, into buffer: ReadBuffer) throws -> ByteBuffer? {
        guard offset < usableUntil.load(ordering: .relaxed) else { return nil }
        do {
            return try base.readNow(at: offset, count: count, into: buffer)
        } catch is ObjectDamage {
            // Whoever reads and waits meets it again, and puts the blob in quarantine.
            return nil
        }
    }

    func close() { base.close() }

    private func guarded(at offset: Int64, _ read: () async throws -> ByteBuffer) async throws -> ByteBuffer {
        do {
            // A key that was disabled meanwhile ends a stream that is under way.
            if place.record.repository.encryption.key != nil {
                try await place.services.requireUsableKey(of: place.record.repository)
                usableUntil.store(offset + Self.keyInterval, ordering: .relaxed)
            }
            return try await read()
        } catch let damage as ObjectDamage {
            let sentence = try await place.services.quarantineIfDamaged(CheckedBlob(place.record))
            throw BlobStoreError.failed(sentence ?? "blob \(place.record.layer.digest) could not be opened: \(damage.reason)")
        }
    }
}
