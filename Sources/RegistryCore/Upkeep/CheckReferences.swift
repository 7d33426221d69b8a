import Stores

extension RegistryServices {
    /// I1 and I4, which foreign keys keep, and I3: asked again in SQL, since a damaged file may break them.
    func checkReferences(_ report: inout CheckReport, _ progress: (CheckProgress) -> Void) async throws {
        for (number, (invariant, query)) in Self.broken.enumerated() {
            let findings = try await database.read { try $0.rows(query) { $0.text(0) } }
            report.damage += findings.map { Damage(invariant: invariant, finding: $0) }
            progress(CheckProgress(subject: .references, done: Int64(number + 1), total: Int64(Self.broken.count)))
        }
    }

    /// Each query finds what breaks an invariant, and says it; a hundred of a kind are enough to know.
    private static let broken: [(invariant: String, query: SQL)] = [
        (
            "I1",
            """
            SELECT 'manifest ' || r.manifest_id || ' names blob ' || r.blob_id || ', which its repository does not hold' FROM manifest_blobs r
            LEFT JOIN repo_blobs l ON l.repo_id = r.repo_id AND l.blob_id = r.blob_id WHERE l.blob_id IS NULL LIMIT 100
            """
        ),
        (
            "I1",
            """
            SELECT 'manifest ' || c.parent_id || ' names manifest ' || c.child_id || ', which is not there' FROM manifest_children c
            LEFT JOIN manifests m ON m.repo_id = c.repo_id AND m.id = c.child_id WHERE m.id IS NULL LIMIT 100
            """
        ),
        (
            "I1",
            """
            SELECT 'repository ' || l.repo_id || ' holds blob ' || l.blob_id || ', which is not there' FROM repo_blobs l
            LEFT JOIN blobs b ON b.id = l.blob_id WHERE b.id IS NULL LIMIT 100
            """
        ),
        (
            "I1",
            """
            SELECT 'repository ' || r.name || ' holds blob ' || l.blob_id || ' under a key that it does not have' FROM repo_blobs l
            JOIN repos r ON r.id = l.repo_id AND r.state = 0
            WHERE l.key_number <> r.key_number AND (r.former_encryption IS NULL OR l.key_number <> r.key_number - 1) LIMIT 100
            """
        ),
        (
            "I3",
            """
            SELECT 'the object of blob ' || b.id || ' is to be deleted (' || b.object_key || ')' FROM blobs b
            JOIN tombstones t ON t.object_key = b.object_key LIMIT 100
            """
        ),
        (
            "I3",
            """
            SELECT 'the object of upload ' || u.id || ' is to be deleted (' || u.object_key || ')' FROM uploads u
            JOIN tombstones t ON t.object_key = u.object_key WHERE u.state = 0 LIMIT 100
            """
        ),
        (
            "I3",
            """
            SELECT 'the object of upload ' || u.id || ' is that of blob ' || b.id || ' too (' || u.object_key || ')' FROM uploads u
            JOIN blobs b ON b.object_key = u.object_key WHERE u.state = 0 LIMIT 100
            """
        ),
        (
            "I4",
            """
            SELECT 'manifest ' || m.id || ' has another number of tags than ' || m.tag_count FROM manifests m
            WHERE m.tag_count <> (SELECT COUNT(*) FROM tags t WHERE t.repo_id = m.repo_id AND t.manifest_id = m.id) LIMIT 100
            """
        ),
        (
            "I4",
            """
            SELECT 'tag ' || t.name || ' of repository ' || t.repo_id || ' names manifest ' || t.manifest_id || ', which is not there' FROM tags t
            LEFT JOIN manifests m ON m.repo_id = t.repo_id AND m.id = t.manifest_id WHERE m.id IS NULL LIMIT 100
            """
        ),
    ]
}
