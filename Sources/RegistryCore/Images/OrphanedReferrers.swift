import OCI
import Stores

extension RegistryServices {
    /// Removes up to `limit` images whose subject was deleted, with their events, but not members of an index; what refers to them follows.
    /// Where the subject was pushed again meanwhile, they stay. Returns how many rows went; 0 when nothing is left to do.
    ///
    /// Source: Amazon ECR user guide, "Deleting an image": ECR does the same within 24 hours.
    package func removeOrphanedReferrers(limit: Int) async throws -> Int {
        let services = self
        guard try await database.read({ try $0.deletedSubject() }) != nil else { return 0 }
        return try await database.write { transaction in
            guard let (repositoryID, subject) = try transaction.deletedSubject() else { return 0 }
            var orphans: [ImageRecord] = []
            if let repository = try transaction.repository(rowID: repositoryID),
                try transaction.image(ImageIdentifier(digest: subject), in: repository) == nil
            {
                orphans = try transaction.orphans(of: subject, in: repository, limit: limit)
                for orphan in orphans { _ = try transaction.delete(orphan, in: repository, services) }
            }
            guard orphans.count < limit else { return orphans.count }
            try transaction.execute("DELETE FROM deleted_subjects WHERE repo_id = \(repositoryID) AND digest = \(subject.bytes)")
            return orphans.count + 1
        }
    }
}

extension ReadTransaction {
    /// A subject that was deleted, with its repository's row.
    fileprivate func deletedSubject() throws -> (repositoryID: Int64, digest: Digest)? {
        try first("SELECT repo_id, digest FROM deleted_subjects ORDER BY repo_id, digest LIMIT 1") { row in
            guard let digest = Digest(bytes: row.bytes(1)) else { throw DatabaseError.other("deleted_subjects holds an invalid digest") }
            return (row.integer(0), digest)
        }
    }

    /// Up to `limit` images that refer to `subject` and that no index lists.
    fileprivate func orphans(of subject: Digest, in repository: Repository, limit: Int) throws -> [ImageRecord] {
        try rows(
            """
            SELECT \(sql: ImageRecord.columns) FROM manifests m WHERE repo_id = \(repository.rowID) AND subject = \(subject.bytes)
                AND NOT EXISTS (SELECT 1 FROM manifest_children c WHERE c.repo_id = m.repo_id AND c.child_id = m.id)
            ORDER BY pushed_at, id LIMIT \(limit)
            """, ImageRecord.init)
    }
}

extension WriteTransaction {
    /// Takes down that a deleted image leaves referrers behind, if it does.
    func noteOrphans(of subject: ImageRecord, in repository: Repository) throws {
        try execute(
            """
            INSERT INTO deleted_subjects (repo_id, digest)
            SELECT repo_id, subject FROM manifests WHERE repo_id = \(repository.rowID) AND subject = \(subject.digest.bytes) LIMIT 1
            ON CONFLICT (repo_id, digest) DO NOTHING
            """)
    }
}
