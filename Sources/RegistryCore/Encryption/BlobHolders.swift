import OCI
import SealedObjects
import Stores

/// A repository that holds a blob, with the blob's data keys as they are sealed for it.
struct BlobHolder: Sendable {
    /// Under the key that they are sealed under.
    let repository: Repository
    let wrap: [UInt8]?
}

extension RegistryServices {
    /// The data keys of an encrypted blob; nil when it has no holder. A key that cannot be used now is passed over where another opens the same. When
    /// `comparing`, all holders must have the same. Throws `ObjectDamage`, `KeyFailure`.
    func dataKeys(of blob: CheckedBlob, comparing: Bool = false) async throws -> BlobKeys? {
        guard let digest = blob.digest else { return nil }
        var (found, failure): (BlobKeys?, KeyFailure?)
        for holder in try await database.read({ try $0.holders(of: blob.rowID) }) {
            do {
                let keys = try await dataKeys(holder.wrap, of: digest, generation: blob.generation, in: holder.repository)
                guard found == nil || found == keys else { throw ObjectDamage("\(holder.repository.name) has another key for it than others") }
                found = keys
                if !comparing { break }
            } catch let error as KeyFailure {
                failure = error
            }
        }
        if found == nil, let failure { throw failure }
        return found
    }
}

extension ReadTransaction {
    /// The repositories that hold a blob, not those that are deleted.
    func holders(of blobID: Int64) throws -> [BlobHolder] {
        try rows("SELECT repo_id, wrap, key_number FROM repo_blobs WHERE blob_id = \(blobID)") {
            (id: $0.integer(0), wrap: $0.optionalBytes(1), keyNumber: $0.integer(2))
        }
        .compactMap { row in try repository(rowID: row.id)?.under(key: row.keyNumber).map { BlobHolder(repository: $0, wrap: row.wrap) } }
    }
}
