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
        case .service, .serviceWithKMS: return (Array(sealed[..<1]), Array(sealed[1...]))
        case .kmsAndService:
            var rest = sealed.dropFirst()
            return rest.popCounted().map { _ in (Array(sealed[..<rest.startIndex]), Array(rest)) }
        default: return nil
        }
    }
}
