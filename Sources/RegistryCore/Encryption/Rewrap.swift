import OCI
import SealedObjects
import Stores

extension RegistryServices {
    /// Seals the keys of up to `limit` repositories that come after `position` anew where there is a newer key to seal them under; the last one
    /// that was looked at, nil at the end, and how many were sealed anew.
    package func rewrapRepositoryKeys(after position: Int64, limit: Int) async throws -> (position: Int64?, count: Int) {
        let page = try await database.read { transaction in
            try transaction.rows("SELECT id FROM repos WHERE id > \(position) AND state = 0 AND sealed_key IS NOT NULL ORDER BY id LIMIT \(limit)") {
                $0.integer(0)
            }.compactMap { try transaction.repository(rowID: $0) }
        }
        var count = 0
        for repository in page {
            guard let old = repository.sealedKey, let new = try RepositoryKey.rewrapped(old, of: repository, self) else { continue }
            count += try await database.write { transaction in
                try transaction.execute("UPDATE repos SET sealed_key = \(new) WHERE id = \(repository.rowID) AND sealed_key = \(old)")
            }
        }
        return (page.last?.rowID, count)
    }

    /// How many repositories have a key, and how many of these are not sealed under the newest key.
    package func outdatedRepositoryKeys() async throws -> (all: Int, outdated: Int) {
        let repositories = try await database.read { transaction in
            try transaction.rows("SELECT id FROM repos WHERE state = 0 AND sealed_key IS NOT NULL") { $0.integer(0) }
                .compactMap { try transaction.repository(rowID: $0) }
        }
        let outdated = try repositories.count { repository in
            try repository.sealedKey.map { try !RepositoryKey.isCurrent($0, of: repository, self) } ?? false
        }
        return (repositories.count, outdated)
    }

    /// How many encrypted blobs have data keys from before `time`.
    package func blobsKeyed(before time: Timestamp) async throws -> Int64 {
        try await count("SELECT COUNT(*) FROM blobs WHERE sealed_bytes IS NOT NULL AND keyed_at < \(time) AND state IN (0, 3)")
    }

    /// Gives fresh data keys to blobs whose keys are from before `time` and whose rows come after `position`, until `bytes` were read.
    package func renewDataKeys(before time: Timestamp, after position: Int64, upTo bytes: Int64) async throws -> ResealStep {
        let page = try await database.read { transaction in
            try transaction.rows(
                """
                SELECT \(sql: CheckedBlob.columns) FROM blobs
                WHERE sealed_bytes IS NOT NULL AND keyed_at < \(time) AND id > \(position) AND state IN (0, 3) ORDER BY id LIMIT 100
                """, CheckedBlob.init)
        }
        var step = ResealStep()
        for blob in page where step.bytes < bytes {
            step.position = blob.rowID
            if try await reseal(blob, pace: { _ in }) { step.blobs += 1 }
            step.bytes += blob.size
        }
        return step
    }
}

extension RepositoryKey {
    /// The same key sealed anew by the service; nil where what the service has sealed of it is current.
    static func rewrapped(_ sealed: [UInt8], of repository: Repository, _ services: RegistryServices) throws -> [UInt8]? {
        guard let (head, inner) = ofService(sealed) else { return nil }
        let purpose = SealContext.repositoryKey(of: repository)
        guard !services.keys.isCurrent(inner, for: purpose) else { return nil }
        return head + (try services.keys.seal(services.keys.unseal(inner, for: purpose), for: purpose))
    }

    static func isCurrent(_ sealed: [UInt8], of repository: Repository, _ services: RegistryServices) throws -> Bool {
        guard let (_, inner) = ofService(sealed) else { return true }
        return services.keys.isCurrent(inner, for: SealContext.repositoryKey(of: repository))
    }

    /// What comes before the part that the service's key seals, and that part; nil without one.
    private static func ofService(_ sealed: [UInt8]) -> ([UInt8], [UInt8])? {
        switch sealed.first.flatMap(Kind.init(rawValue:)) {
        case .service: return (Array(sealed[..<1]), Array(sealed[1...]))
        case .kmsAndService where sealed.count >= 3:
            let end = 3 + (Int(sealed[1]) << 8 | Int(sealed[2]))
            return end <= sealed.count ? (Array(sealed[..<end]), Array(sealed[end...])) : nil
        default: return nil
        }
    }
}
