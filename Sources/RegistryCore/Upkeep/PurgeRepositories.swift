import OCI
import Stores

extension RegistryServices {
    /// Removes up to `limit` images with their tags, each with its events, or as many layers or uploads of deleted repositories, and a
    /// repository's row with its last one. Returns how many rows went; 0 when nothing is left to do.
    package func purgeDeletedRepositories(limit: Int) async throws -> Int {
        let services = self
        return try await database.writeFreeing { transaction in
            guard let repository = try transaction.deletedRepository() else { return 0 }
            let repositoryID = repository.rowID
            let steps: [(any WriteTransaction) throws -> Int] = [
                {
                    try $0.execute(
                        "DELETE FROM manifest_children WHERE repo_id = \(repositoryID) AND parent_id IN \(sql: batch("parent_id", of: "manifest_children"))"
                    )
                },
                {
                    try $0.execute(
                        "DELETE FROM lifecycle_marks WHERE repo_id = \(repositoryID) AND manifest_id IN \(sql: batch("manifest_id", of: "lifecycle_marks"))"
                    )
                },
                { try $0.purgeImages(of: repository, services, limit: limit) },
            ]
            func batch(_ column: StaticString, of table: StaticString) -> SQL {
                "(SELECT \(raw: column) FROM \(raw: table) WHERE repo_id = \(repositoryID) LIMIT \(limit))"
            }
            for step in steps {
                let removed = try step(transaction)
                if removed > 0 { return removed }
            }
            let layers = try transaction.rows("SELECT blob_id FROM repo_blobs WHERE repo_id = \(repositoryID) LIMIT \(limit)") { $0.integer(0) }
            for blob in layers {
                try transaction.execute("DELETE FROM repo_blobs WHERE repo_id = \(repositoryID) AND blob_id = \(blob)")
                try transaction.queueForReclaiming(blob, repositoryID: repositoryID, at: transaction.now)
            }
            if !layers.isEmpty { return layers.count }
            let uploads = try transaction.endUploads(where: "repo_id = \(repositoryID) LIMIT \(limit)")
            if uploads > 0 { return uploads }
            try transaction.execute("DELETE FROM deleted_subjects WHERE repo_id = \(repositoryID)")
            try transaction.execute("DELETE FROM repo_tags WHERE repo_id = \(repositoryID)")
            try transaction.execute("DELETE FROM repo_deltas WHERE repo_id = \(repositoryID)")
            try transaction.execute("DELETE FROM repo_catalog_data WHERE repo_id = \(repositoryID)")
            try transaction.execute("DELETE FROM repo_logos WHERE repo_id = \(repositoryID)")
            try transaction.execute("DELETE FROM repo_pulls WHERE repo_id = \(repositoryID)")
            try transaction.execute("DELETE FROM repo_totals WHERE repo_id = \(repositoryID)")
            return try transaction.execute("DELETE FROM repos WHERE id = \(repositoryID)")
        }
    }
}

extension WriteTransaction {
    /// Removes up to `limit` images of a deleted repository, which no index lists any more. Returns how many there were.
    fileprivate func purgeImages(of repository: Repository, _ services: RegistryServices, limit: Int) throws -> Int {
        let images = try rows(
            "SELECT \(sql: ImageRecord.columns) FROM manifests WHERE repo_id = \(repository.rowID) LIMIT \(limit)", ImageRecord.init)
        guard !images.isEmpty else { return 0 }
        let tags = try tags(ofAll: images, in: repository)
        let ids = images.map(\.rowID)
        try execute("DELETE FROM tags WHERE repo_id = \(repository.rowID) AND manifest_id IN \(list: ids)")
        try execute("DELETE FROM manifests WHERE repo_id = \(repository.rowID) AND id IN \(list: ids)")
        for image in images { try noteDeletion(of: image, tags[image.rowID] ?? [], in: repository, services) }
        return images.count
    }
}
