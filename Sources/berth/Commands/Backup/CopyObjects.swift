import OCI
import RegistryCore
import Stores

/// Copies what a copy of the database names from one pair of stores to another; what is there by name and size is left alone.
struct CopyObjects {
    /// How long may pass between two calls of `renew`.
    private static let renewal = RegistryServices.holdLife / 10

    let database: any Database
    /// The stores of objects and of archived ones.
    let from: (standard: any BlobStore, archive: any BlobStore)
    let to: (standard: any BlobStore, archive: any BlobStore)
    let label: String
    var renew: () async throws -> Void = {}

    struct Summary {
        var copied: Int64 = 0
        var copiedBytes: Int64 = 0
        var present: Int64 = 0

        var text: String { "\(copied) objects of \(copiedBytes) bytes were copied, \(present) were there." }
    }

    /// Copies everything, and shows how far it is. Throws when an object is missing or shorter than it should be.
    func run() async throws -> Summary {
        let line = ProgressLine()
        let total = try await database.storedTotals().bytes
        var summary = Summary()
        var (done, last) = (Int64(0), "")
        var (renewed, tried) = (ContinuousClock.now, ContinuousClock.now)
        func tell(_ offset: Int64) async throws {
            line.show(label, ProgressBar(done: offset, total: total, unit: .bytes))
            guard .now - tried > Self.renewal else { return }
            tried = .now
            do {
                try await renew()
                renewed = tried
            } catch {
                // There is time for another try, as long as the hold lasts that long.
                guard tried - renewed < RegistryServices.holdLife - Self.renewal * 2 else { throw error }
            }
        }
        while case let objects = try await database.storedObjects(after: last, limit: 500), let end = objects.last {
            for object in objects {
                if try await copy(object, { try await tell(done + $0) }) {
                    summary.copied += 1
                    summary.copiedBytes += object.size
                } else {
                    summary.present += 1
                }
                done += object.size
                try await tell(done)
            }
            last = end.key.description
        }
        line.end()
        return summary
    }

    /// False when the object is there already. `tell` gets the number of bytes after each piece.
    private func copy(_ object: StoredObject, _ tell: (Int64) async throws -> Void) async throws -> Bool {
        let (source, target) = object.isArchived ? (from.archive, to.archive) : (from.standard, to.standard)
        if try await target.size(of: object.key) == object.size { return false }
        let content: any OpenBlob
        do {
            content = try await source.open(object.key)
        } catch BlobStoreError.missing {
            throw Refusal("The object \(object.key) is missing; `berth fsck` tells what it belongs to.")
        }
        defer { content.close() }
        guard content.size == object.size else {
            throw Refusal(
                "The object \(object.key) has \(content.size) bytes where there should be \(object.size); `berth fsck` tells what it belongs to.")
        }
        try await target.cancel(object.key)
        let upload = try await target.append(to: object.key, at: 0)
        do {
            let end = try await content.readPieces(to: object.size) { bytes, offset in
                try await upload.write(bytes)
                try await tell(offset)
            }
            guard end == object.size else { throw Refusal("The object \(object.key) ended at \(end) of \(object.size) bytes.") }
            await upload.close()
        } catch {
            await upload.close()
            throw error
        }
        try await target.commit(object.key, size: object.size, as: object.key)
        return true
    }
}
