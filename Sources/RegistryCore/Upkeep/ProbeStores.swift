import NIOCore
import Stores

extension RegistryServices {
    /// Passes when the database takes a durable write; a full device passes too, since reading goes on. Throws what the database throws.
    package func probeDatabase() async throws {
        do {
            try await database.write { transaction in
                try transaction.execute(
                    "INSERT INTO probes (id, at) VALUES (1, \(transaction.now)) ON CONFLICT (id) DO UPDATE SET at = excluded.at")
            }
        } catch DatabaseError.full {
            log.warning("the device of the database is full")
        }
    }

    /// Passes when the blob store takes a durable write; a full device passes too, since reading goes on. Throws what the store throws.
    package func probeBlobs() async throws {
        // Always the same name, so that a crash in the middle leaves one file and not many.
        guard let key = ObjectKey("probe") else { return }
        do {
            let upload = try await blobs.append(to: key, at: 0)
            do {
                try await upload.write(ByteBuffer(string: "probe"))
                try await upload.synchronize()
            } catch {
                await upload.close()
                throw error
            }
            await upload.close()
        } catch BlobStoreError.full {
            log.warning("the device of the blobs is full")
        }
        try await blobs.cancel(key)
    }
}
