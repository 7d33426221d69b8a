import OCI
import Stores

extension Registry {
    /// Deletes a repository, with its images when `force`. Its name is free at once; its rows and bytes go in the
    /// background (`RegistryServices.purgeDeletedRepositories`). Throws `repositoryNotFound`, `repositoryNotEmpty`.
    package func deleteRepository(_ name: RepositoryName, force: Bool) async throws -> Repository {
        let id = id
        let deleted = try await database.writeFreeing { transaction in
            let repository = try transaction.repository(name, in: id)
            let holdsImages = try transaction.first("SELECT id FROM manifests WHERE repo_id = \(repository.rowID) LIMIT 1") { $0.integer(0) } != nil
            guard force || !holdsImages else { throw RegistryError.repositoryNotEmpty(name, registry: id) }
            try transaction.discount(repository)
            if let former = repository.former { try transaction.retireGrantLater(of: former) }
            try transaction.execute(
                "UPDATE repos SET state = 1, sealed_key = NULL, former_sealed_key = NULL, former_encryption = NULL WHERE id = \(repository.rowID)")
            try transaction.execute("DELETE FROM repo_policies WHERE repo_id = \(repository.rowID)")
            try transaction.execute("DELETE FROM lifecycle_policies WHERE repo_id = \(repository.rowID)")
            try transaction.execute("DELETE FROM lifecycle_sweeps WHERE repo_id = \(repository.rowID)")
            // A new repository of the name inherits neither policy nor tags.
            try AuthorizationChanges.advance(transaction)
            _ = try transaction.countRepositories(of: id, by: -1)
            return repository
        }
        if let grant = deleted.grant, let key = deleted.encryption.key {
            do {
                try await services.retireGrant(grant, on: key, ofRow: deleted.rowID)
            } catch {
                services.log.warning("a grant is retired later", metadata: ["key": "\(key)", "error": "\(String(reflecting: error))"])
            }
        }
        return deleted
    }
}
