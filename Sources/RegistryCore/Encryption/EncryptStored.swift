import OCI
import SealedObjects
import Stores

/// What of all that is stored is not encrypted.
package struct EncryptionStatus: Codable, Hashable, Sendable {
    /// Whether what is pushed now is encrypted.
    package let isEncrypting: Bool
    package let encryptedBlobs: Int64
    /// Their content, in bytes.
    package let encryptedBytes: Int64
    package let plainBlobs: Int64
    package let plainBytes: Int64
    package let encryptedManifests: Int64
    package let plainManifests: Int64
}

/// What a part of the work on stored blobs did.
package struct ResealStep: Sendable {
    package var blobs = 0
    package var bytes: Int64 = 0
    /// The row after which to go on; nil when there is nothing more.
    package var position: Int64?
}

extension RegistryServices {
    /// Counts what is encrypted and what is not.
    package func encryptionStatus() async throws -> EncryptionStatus {
        let isEncrypting = encryptsAtRest
        return try await database.read { transaction in
            func total(_ query: SQL) throws -> (Int64, Int64) { try transaction.first(query) { ($0.integer(0), $0.integer(1)) } ?? (0, 0) }
            let (all, bytes) = try total("SELECT COUNT(*), COALESCE(SUM(size), 0) FROM blobs")
            let (plain, plainBytes) = try total("SELECT COUNT(*), COALESCE(SUM(size), 0) FROM blobs WHERE sealed_bytes IS NULL")
            let (manifests, _) = try total("SELECT COUNT(*), 0 FROM manifest_bytes")
            let (plainManifests, _) = try total("SELECT COUNT(*), 0 FROM manifest_bytes WHERE sealed = 0")
            return EncryptionStatus(
                isEncrypting: isEncrypting, encryptedBlobs: all - plain, encryptedBytes: bytes - plainBytes, plainBlobs: plain,
                plainBytes: plainBytes,
                encryptedManifests: manifests - plainManifests, plainManifests: plainManifests)
        }
    }

    /// Encrypts blobs that are stored plain, those whose rows come after `position`, until `bytes` were read. `pace` gets the size of each piece,
    /// and may wait.
    package func encryptPlainBlobs(
        after position: Int64, upTo bytes: Int64, pace: (Int64) async throws -> Void = { _ in }
    ) async throws -> ResealStep {
        guard encryptsAtRest else { return ResealStep() }
        let page = try await database.read { transaction in
            try transaction.rows(
                """
                SELECT \(sql: CheckedBlob.columns) FROM blobs WHERE sealed_bytes IS NULL AND id > \(position) AND state IN (0, 3) ORDER BY id LIMIT 100
                """, CheckedBlob.init)
        }
        var step = ResealStep()
        for blob in page where step.bytes < bytes {
            step.position = blob.rowID
            do {
                if try await reseal(blob, pace: pace) { step.blobs += 1 }
                step.bytes += blob.size
            } catch let error as BlobStoreError where error != .full {
                log.error("a blob could not be encrypted", metadata: ["blob": "\(blob.rowID)", "error": "\(error)"])
            } catch let failure as KeyFailure {
                log.warning("a blob cannot be encrypted while its key cannot be used", metadata: ["blob": "\(blob.rowID)", "error": "\(failure)"])
            }
        }
        return step
    }

    /// Seals up to `limit` manifests that are stored plain; how many there were.
    package func encryptPlainManifests(limit: Int) async throws -> Int {
        guard encryptsAtRest else { return 0 }
        let page = try await database.read { transaction in
            try transaction.rows(
                """
                SELECT m.id, m.digest, m.repo_id, p.payload FROM manifest_bytes p JOIN manifests m ON m.id = p.manifest_id
                WHERE p.sealed = 0 ORDER BY p.manifest_id LIMIT \(limit)
                """
            ) { row in
                (
                    id: row.integer(0), digest: Digest(bytes: row.bytes(1)), repository: try transaction.repository(rowID: row.integer(2)),
                    payload: row.bytes(3)
                )
            }
        }
        var sealed: [(Int64, StoredPayload, Repository)] = []
        for row in page {
            // The manifests of a repository that is deleted go by themselves.
            guard let digest = row.digest, let repository = row.repository else { continue }
            do {
                sealed.append((row.id, try await seal(row.payload, of: digest, in: repository), repository))
            } catch let failure as KeyFailure {
                log.warning(
                    "a manifest cannot be encrypted while its key cannot be used", metadata: ["manifest": "\(row.id)", "error": "\(failure)"])
            }
        }
        let ready = sealed
        try await database.write { transaction in
            for (id, payload, seen) in ready where try transaction.repository(rowID: seen.rowID)?.under(key: payload.keyNumber) != nil {
                try transaction.execute(
                    "UPDATE manifest_bytes SET payload = \(payload.bytes), sealed = \(payload.keyNumber) WHERE manifest_id = \(id) AND sealed = 0")
            }
        }
        return ready.count
    }
}
