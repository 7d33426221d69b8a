import NIOCore
import OCI
import SealedObjects
import Stores

/// What an encrypted upload is sealed with, and how far it has come.
struct UploadSeal: Sendable {
    let keys: BlobKeys
    /// Nil while nothing of it is durable.
    let states: SealedUpload.States?

    /// The size of its file.
    var fileBytes: Int64 { states?.last?.sealedCount ?? 0 }
    /// True when chunks of it are durable, so that it can only be gone on with from there.
    var hasChunks: Bool { states?.contains { $0.chunks > 0 } ?? false }
}

/// An upload that is open for appending.
struct OpenedUpload: Sendable {
    let file: any BlobAppending
    let sealed: SealedUpload?
    let keys: BlobKeys?

    /// What has to be kept of it beside its file, for an upload that has come to `record`.
    func progress(of record: UploadRecord) -> [UInt8]? {
        guard let sealed, let keys else { return nil }
        let context = SealContext.progress(of: record.objectKey, offset: record.offset, in: record.repository)
        return keys.seal(UploadProgress(hash: record.hash, states: sealed.states).bytes, for: context)
    }

    /// What its object is when `record` says how far it has come.
    func form(_ record: UploadRecord) -> NewForm { record.form(keys) }
}

extension UploadRecord {
    /// What becomes of the upload.
    func form(_ keys: BlobKeys?) -> NewForm {
        NewForm(key: objectKey, sealed: keys.map { (bytes: $0.sealedSize(of: offset), keys: $0) }, size: offset)
    }
}

extension RegistryServices {
    /// Fresh data keys for an upload, sealed; nil where nothing is encrypted.
    func newUploadKeys(for object: ObjectKey, in repository: Repository) async throws -> [UInt8]? {
        guard encryptsAtRest else { return nil }
        let key = try await key(of: repository)
        return try await key.wrap(key.newDataKeys(ids), for: SealContext.dataKeys(ofUpload: object, in: repository))
    }

    /// Opens what is kept of an encrypted upload, and gives `record` its hash state; nil where it is plain. Throws `BlobStoreError.failed` for what
    /// is damaged, `KeyFailure`.
    func unlock(_ record: inout UploadRecord) async throws -> UploadSeal? {
        guard let wrap = record.wrap else { return nil }
        let repository = record.repository
        do {
            let keys = try await key(of: repository).unwrap(wrap, for: SealContext.dataKeys(ofUpload: record.objectKey, in: repository))
            guard let kept = record.progress else { return UploadSeal(keys: keys, states: nil) }
            let context = SealContext.progress(of: record.objectKey, offset: record.offset, in: repository)
            guard let progress = UploadProgress(try keys.open(kept, for: context)) else { throw ObjectDamage("its progress is malformed") }
            record.hash = progress.hash
            return UploadSeal(keys: keys, states: progress.states)
        } catch let damage as ObjectDamage {
            throw BlobStoreError.failed("upload \(record.id): \(damage.reason)")
        }
    }

    /// Opens an upload for appending where it ends. Where its file holds chunks that were never acknowledged, it goes on under new keys, so
    /// that no chunk is ever sealed twice. Throws as `unlock`, and `BlobStoreError.missing`.
    func open(_ record: inout UploadRecord) async throws -> OpenedUpload {
        guard let seal = try await unlock(&record) else {
            let (key, offset) = (record.objectKey, record.offset)
            return OpenedUpload(file: try await offset == 0 ? blobs.begin(key) : blobs.append(to: key, at: offset), sealed: nil, keys: nil)
        }
        guard seal.hasChunks, let states = seal.states else {
            // Nothing but what waits: a new salt makes it a new message.
            let tail = seal.states?.first?.tail ?? []
            let file = try await blobs.begin(record.objectKey)
            let sealed = SealedUpload(file, beginning: record.objectKey, in: record.repository.domain, with: seal.keys, ids)
            do {
                if !tail.isEmpty { try await sealed.write(ByteBuffer(bytes: tail)) }
            } catch {
                await sealed.close()
                throw error
            }
            return OpenedUpload(file: sealed, sealed: sealed, keys: seal.keys)
        }
        guard try await fileSize(of: record) == seal.fileBytes else { return try await reopenUnderNewKeys(&record, seal) }
        let file = try await blobs.append(to: record.objectKey, at: seal.fileBytes)
        let sealed = SealedUpload(file, resuming: record.objectKey, in: record.repository.domain, with: seal.keys, from: states)
        return OpenedUpload(file: sealed, sealed: sealed, keys: seal.keys)
    }

    /// Forgets the bytes of an upload that were not acknowledged, but for one, which tells that there were some.
    func forget(after record: UploadRecord) async throws {
        var record = record
        guard let seal = try await unlock(&record) else { return try await blobs.cut(record.objectKey, to: record.offset) }
        try await blobs.cut(record.objectKey, to: seal.hasChunks ? seal.fileBytes + 1 : 0)
    }

    /// The bytes of an upload from its beginning.
    func content(of record: UploadRecord, _ seal: UploadSeal?) async throws -> any OpenBlob {
        guard let seal, let states = seal.states else { return try await blobs.openUpload(record.objectKey) }
        guard seal.hasChunks else { return ContentInMemory(content: ByteBuffer(bytes: states.first?.tail ?? [])) }
        var content = try await blobs.openUpload(record.objectKey)
        for (layer, (key, state)) in zip(seal.keys.keys, states).enumerated().reversed() {
            let context = SealContext.object(record.objectKey, in: record.repository.domain, layer: layer)
            content = try await SealedBlob(upload: content, key, state, context: context)
        }
        return content
    }

    private func fileSize(of record: UploadRecord) async throws -> Int64 {
        let file = try await blobs.openUpload(record.objectKey)
        defer { file.close() }
        return file.size
    }

    private func reopenUnderNewKeys(_ record: inout UploadRecord, _ seal: UploadSeal) async throws -> OpenedUpload {
        guard try await fileSize(of: record) > seal.fileBytes else { throw BlobStoreError.missing(record.objectKey) }
        return try await rewrite(&record, seal, in: record.repository)
    }
}

/// The hash state of an upload and its layers' states, as bytes.
struct UploadProgress {
    private static let version: UInt8 = 1

    let hash: SHA256Stream
    let states: SealedUpload.States

    init(hash: SHA256Stream, states: SealedUpload.States) {
        self.hash = hash
        self.states = states
    }

    var bytes: [UInt8] {
        let saved = hash.saved
        var bytes = [Self.version, UInt8(saved.count)] + saved
        for state in states {
            bytes += state.salt
            for number in [state.chunks, Int64(state.tail.count)] { withUnsafeBytes(of: number.bigEndian) { bytes += $0 } }
            bytes += state.tail
        }
        return bytes
    }

    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        func take(_ count: Int) -> [UInt8]? {
            guard count >= 0, rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        func number() -> Int64? { take(8)?.reduce(0) { $0 << 8 | Int64($1) } }
        guard take(1) == [Self.version], let length = take(1), let hash = take(Int(length[0])).flatMap(SHA256Stream.init(saved:)) else { return nil }
        var states: SealedUpload.States = []
        while !rest.isEmpty {
            guard let salt = take(MessageKeys.saltSize), let chunks = number(), let count = number(), count <= ObjectLayout.chunk,
                let tail = take(Int(count))
            else { return nil }
            states.append(SealingStream.State(salt: salt, chunks: chunks, tail: tail))
        }
        self.init(hash: hash, states: states)
    }
}
