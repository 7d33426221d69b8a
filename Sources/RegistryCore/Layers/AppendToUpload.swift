import NIOCore
import OCI
import Stores

/// How bytes of an upload come: on the docker path as a stream, by UploadLayerPart as a whole part.
package enum UploadedPart: Sendable {
    /// A request body of any size; `from` is where the client says that it begins, nil when it does not say.
    case stream(AnyAsyncSequence<ByteBuffer>, from: Int64?)
    /// A part of ECR's API, which must begin at `from`; all but the last must have `Limits.smallestLayerPartBytes`.
    case part(ByteBuffer, from: Int64)
}

extension Registry {
    /// Appends to an upload and returns when the bytes are durable. A stream that breaks off keeps what came, and rethrows.
    /// Throws `repositoryNotFound`, `uploadNotFound`, `uploadOutOfOrder`, `uploadTooLarge`, `storageFull`.
    package func append(_ part: UploadedPart, to uploadID: String, in name: RepositoryName) async throws -> LayerUpload {
        try await services.uploads.withLock(uploadID) {
            let previous = try await upload(uploadID, toTake: part, in: name)
            return try await append(part.bytes, to: previous, in: name) { writing, upload in
                try await writing.flush()
                try await keep(writing.record, after: previous, in: upload)
                return LayerUpload(id: uploadID, offset: writing.record.offset)
            }
        }
    }

    /// Appends the last bytes and makes a blob of the upload, as `append` and `completeUpload` after it would, but nothing is made durable
    /// as an upload that becomes a blob at once.
    package func append(_ part: UploadedPart, to uploadID: String, in name: RepositoryName, completingAs digest: Digest) async throws
        -> CompletedLayer
    {
        guard digest.algorithm == .sha256 else {
            _ = try await append(part, to: uploadID, in: name)
            return try await completeUpload(uploadID, as: digest, in: name)
        }
        return try await services.uploads.withLock(uploadID) {
            let previous = try await upload(uploadID, toTake: part, in: name)
            return try await append(part.bytes, to: previous, in: name) { writing, upload in
                do {
                    return try await complete(writing, upload, as: digest)
                } catch let wrong as WrongDigest {
                    writing.advance()
                    try await keep(writing.record, after: previous, in: upload)
                    throw RegistryError.layerDigestMismatch(expected: digest, actual: wrong.actual)
                }
            }
        }
    }

    /// Writes what waits, and makes a blob of the upload. Throws `WrongDigest`.
    private func complete(_ writing: UploadWriting, _ upload: OpenedUpload, as digest: Digest) async throws -> CompletedLayer {
        let (record, form) = (writing.complete, upload.form(writing.complete))
        // A small upload that is alone keeps nobody waiting for the database meanwhile.
        if writing.record.offset == 0, services.uploads.count == 1 {
            return try await completeAtOnce(writing.batch, record, upload.file, as: digest, form)
        }
        try await makeObject(of: writing.batch, record.objectKey, upload.file, as: digest)
        return try await recordLayer(record, as: digest, form)
    }

    /// Prepares the transaction while the bytes become durable.
    private func completeAtOnce(
        _ batch: UploadBatch, _ record: UploadRecord, _ file: any BlobAppending, as digest: Digest, _ form: NewForm
    ) async throws -> CompletedLayer {
        let (verified, verification) = AsyncStream.makeStream(of: Void.self)
        let durability = Durability()
        async let recorded: CompletedLayer = {
            for await _ in verified { return try await recordLayer(record, as: digest, form, once: durability) }
            throw CancellationError()
        }()
        do {
            // From the store's own thread: the transaction waits for nothing else.
            try await makeObject(
                of: batch, record.objectKey, file, as: digest, verified: { verification.yield() }, durable: { durability.settle(.success(())) })
        } catch {
            durability.settle(.failure(error))
            verification.finish()
            throw error
        }
        return try await recorded
    }

    private func makeObject(
        of batch: UploadBatch, _ key: ObjectKey, _ file: any BlobAppending, as digest: Digest, verified: @escaping @Sendable () -> Void = {},
        durable: @escaping @Sendable () -> Void = {}
    ) async throws {
        let body: AppendingBody = { append in
            try batch.write(append)
            let actual = batch.hash.digest()
            guard actual == digest else { throw WrongDigest(actual: actual) }
            verified()
        }
        try await makeObject(key, of: file, after: body, durable: durable)
    }

    /// The upload as it is, when `part` may be appended to it.
    private func upload(_ uploadID: String, toTake part: UploadedPart, in name: RepositoryName) async throws -> UploadRecord {
        let id = id
        var record = try await database.read { try $0.upload(uploadID, in: name, of: id) }
        guard record.result == nil else { throw RegistryError.uploadNotFound(uploadID, name, registry: id) }
        if let from = part.from, from != record.offset {
            throw RegistryError.uploadOutOfOrder(uploadID, name, lastByte: record.offset - 1, registry: id)
        }
        if case .part(let bytes, _) = part {
            guard bytes.readableBytes <= limits.layerPartBytes else {
                throw RegistryError.uploadPartTooLarge(uploadID, name, limit: limits.layerPartBytes, lastByte: record.offset - 1, registry: id)
            }
            // Each part is one step of the epoch.
            if let most = limits.layerParts, record.epoch >= most { throw RegistryError.tooManyParts(limit: most) }
            record.parts = record.parts.after(partOf: Int64(bytes.readableBytes), minimum: limits.smallestLayerPartBytes)
        }
        return record
    }

    /// Writes `bytes` behind `previous` and has `end` do with them what there is to do once all have come.
    private func append<Value>(
        _ bytes: AnyAsyncSequence<ByteBuffer>, to previous: UploadRecord, in name: RepositoryName,
        _ end: (inout UploadWriting, OpenedUpload) async throws -> Value
    ) async throws -> Value {
        // Opening may give it another file.
        var current = previous
        do {
            let upload = try await services.open(&current)
            do {
                var writing = try await write(bytes, after: current, to: upload)
                defer { writing.batch.giveBack() }
                let value = try await end(&writing, upload)
                await upload.file.close()
                return value
            } catch {
                await upload.file.close()
                throw error
            }
        } catch BlobStoreError.full, DatabaseError.full {
            await forget(after: current)
            throw RegistryError.storageFull
        } catch BlobStoreError.failed(let reason) {
            await forget(after: current)
            throw BlobStoreError.failed(reason)
        } catch BlobStoreError.missing {
            throw RegistryError.uploadNotFound(previous.id, name, registry: id)
        }
    }

    /// The upload with all of `bytes`, of which the last may wait to be written. What came before a broken connection is kept, so that the client
    /// can go on from there.
    private func write(_ bytes: AnyAsyncSequence<ByteBuffer>, after previous: UploadRecord, to upload: OpenedUpload) async throws -> UploadWriting {
        var writing = UploadWriting(record: previous, file: upload.file, limit: limits.layerBytes)
        let (services, repository) = (services, previous.repository)
        do {
            // A key that was disabled meanwhile ends a stream that is under way.
            try await writing.write(bytes) { try await services.requireUsableKey(of: repository) }
        } catch {
            defer { writing.batch.giveBack() }
            if writing.mayKeep {
                try await writing.flush()
                try await keep(writing.record, after: previous, in: upload)
            }
            throw error
        }
        return writing
    }

    /// Makes durable what has come.
    private func keep(_ record: UploadRecord, after previous: UploadRecord, in upload: OpenedUpload) async throws {
        try await upload.file.synchronize()
        var kept = record
        kept.progress = upload.progress(of: record)
        let record = kept
        let (id, lifetime) = (id, limits.uploadSession)
        try await database.write { transaction in
            guard try transaction.advance(record, from: previous, expires: transaction.now + lifetime) else {
                throw RegistryError.uploadOutOfOrder(previous.id, previous.repository.name, lastByte: previous.offset - 1, registry: id)
            }
        }
    }

    /// Makes the object `key` of an upload that is open, in the place of one that was left there, after what `body` appends to it, who must
    /// do so once when it is called twice. Throws `WrongDigest` as `body` does.
    func makeObject(
        _ key: ObjectKey, of file: any BlobAppending, after body: @escaping AppendingBody = { _ in }, durable: @escaping @Sendable () -> Void = {}
    ) async throws {
        do {
            try await file.commit(as: key, after: body, durable: durable)
        } catch let wrong as WrongDigest {
            throw wrong
        } catch {
            // A completion that was cut off between the store and the database has left an object of which nobody was told.
            guard try await blobs.size(of: key) != nil else { throw error }
            try await blobs.delete(key)
            try await file.commit(as: key, after: body, durable: durable)
        }
    }

    /// Bytes that were not acknowledged would take room of the device for as long as the session lives.
    private func forget(after previous: UploadRecord) async {
        do {
            try await services.forget(after: previous)
        } catch {
            services.log.warning("an upload that failed keeps its bytes", metadata: ["upload": "\(previous.id)", "error": "\(error)"])
        }
    }
}

/// The bytes of an upload are not those of the digest that it was to have.
struct WrongDigest: Error {
    let actual: Digest
}

/// The state of one append: what was hashed and handed to the file so far.
private struct UploadWriting {
    private(set) var record: UploadRecord
    let file: any BlobAppending
    let limit: Int64
    /// What waits to be written.
    let batch: UploadBatch
    /// False after a failure of the store, which leaves unknown what is in the file.
    private(set) var mayKeep = true

    init(record: UploadRecord, file: any BlobAppending, limit: Int64) {
        self.record = record
        self.file = file
        self.limit = limit
        batch = UploadBatch(after: record.hash)
    }

    /// The upload with what waits.
    var complete: UploadRecord {
        var record = record
        record.offset += Int64(batch.count)
        return record
    }

    /// Writes `bytes` but for the last; `permit` throws when no more may come.
    mutating func write(_ bytes: AnyAsyncSequence<ByteBuffer>, _ permit: () async throws -> Void) async throws {
        for try await buffer in bytes {
            let count = batch.count
            guard record.offset + Int64(count + buffer.readableBytes) <= limit else { throw RegistryError.uploadTooLarge(limit: limit) }
            if count > 0, count + buffer.readableBytes > UploadBatch.most {
                try await permit()
                try await flush()
            }
            batch.append(buffer)
        }
    }

    /// Writes what waits.
    mutating func flush() async throws {
        guard batch.count > 0 else { return }
        do {
            try await file.write { [batch] in try batch.write($0) }
        } catch {
            mayKeep = false
            throw error
        }
        advance()
    }

    /// Goes on behind what has been written.
    mutating func advance() {
        record.hash = batch.hash
        record.offset += Int64(batch.count)
        batch.clear()
    }
}

extension UploadedPart {
    fileprivate var from: Int64? {
        switch self {
        case .stream(_, let from): from
        case .part(_, let from): from
        }
    }

    fileprivate var bytes: AnyAsyncSequence<ByteBuffer> {
        switch self {
        case .stream(let bytes, _): bytes
        case .part(let bytes, _):
            AnyAsyncSequence(
                AsyncStream { continuation in
                    continuation.yield(bytes)
                    continuation.finish()
                })
        }
    }
}

extension UploadRecord.Parts {
    fileprivate func after(partOf bytes: Int64, minimum: Int64) -> UploadRecord.Parts {
        if self != .regular { return .brokenByShort }
        return bytes < minimum ? .endsShort : .regular
    }
}
