import OCI
import Stores

/// One thing that is wrong with an installation.
package struct Damage: Hashable, Sendable {
    /// The invariant of `docs/storage-layout.md` that does not hold: `I1` to `I6`.
    package let invariant: String
    /// What was found, with ids, in one sentence.
    package let finding: String
}

/// What a check looked at and found.
package struct CheckReport: Sendable {
    package var repositories = 0
    package var manifests = 0
    package var tags = 0
    package var blobs = 0
    package var uploads = 0
    /// Bytes of blobs that were read and hashed.
    package var bytesRead: Int64 = 0
    package var damage: [Damage] = []
    /// Objects that no row names: harmless, left by a crash or by other hands.
    package var orphans: [ObjectKey] = []

    package var isClean: Bool { damage.isEmpty }
}

extension RegistryServices {
    /// Checks invariants I1 to I6 over everything there is, page by page in bounded memory; changes nothing. With
    /// `readingData`, every blob is read and hashed. `progress` hears of every page: what is being checked, and how many so far.
    package func check(readingData: Bool, progress: @Sendable (String, Int) -> Void = { _, _ in }) async throws -> CheckReport {
        var report = CheckReport()
        try await checkReferences(&report)
        try await checkManifests(&report, progress)
        try await checkTags(&report)
        try await checkBlobs(&report, readingData: readingData, progress)
        try await checkUploads(&report, progress)
        try await findOrphans(&report, progress)
        return report
    }

    /// I1 and I4, which foreign keys keep: asked again in SQL, since a damaged file may break them.
    private func checkReferences(_ report: inout CheckReport) async throws {
        let broken: [(String, String, SQL)] = [
            (
                "I1", "names a blob that its repository does not hold",
                """
                SELECT r.manifest_id, r.blob_id FROM manifest_blobs r
                LEFT JOIN repo_blobs l ON l.repo_id = r.repo_id AND l.blob_id = r.blob_id WHERE l.blob_id IS NULL LIMIT 100
                """
            ),
            (
                "I1", "names a child manifest that is gone",
                """
                SELECT c.parent_id, c.child_id FROM manifest_children c
                LEFT JOIN manifests m ON m.repo_id = c.repo_id AND m.id = c.child_id WHERE m.id IS NULL LIMIT 100
                """
            ),
            (
                "I1", "holds a blob that has no row",
                """
                SELECT l.repo_id, l.blob_id FROM repo_blobs l LEFT JOIN blobs b ON b.id = l.blob_id WHERE b.id IS NULL LIMIT 100
                """
            ),
            (
                "I4", "has another number of tags than it counts",
                """
                SELECT m.id, m.tag_count FROM manifests m
                WHERE m.tag_count <> (SELECT COUNT(*) FROM tags t WHERE t.repo_id = m.repo_id AND t.manifest_id = m.id) LIMIT 100
                """
            ),
            (
                "I4", "is named by a tag and is gone",
                """
                SELECT t.manifest_id, t.repo_id FROM tags t
                LEFT JOIN manifests m ON m.repo_id = t.repo_id AND m.id = t.manifest_id WHERE m.id IS NULL LIMIT 100
                """
            ),
        ]
        for (invariant, finding, query) in broken {
            let rows = try await database.read { try $0.rows(query) { ($0.integer(0), $0.integer(1)) } }
            report.damage += rows.map { Damage(invariant: invariant, finding: "row \($0.0) \(finding) (\($0.1))") }
        }
    }

    /// I5: every manifest's bytes hash to its digest.
    private func checkManifests(_ report: inout CheckReport, _ progress: (String, Int) -> Void) async throws {
        var last: Int64 = 0
        while true {
            let start = last
            let page = try await database.read { transaction in
                try transaction.rows(
                    """
                    SELECT m.id, m.digest, m.payload_bytes, p.payload FROM manifests m
                    LEFT JOIN manifest_bytes p ON p.manifest_id = m.id WHERE m.id > \(start) ORDER BY m.id LIMIT 200
                    """
                ) { row in (id: row.integer(0), digest: row.bytes(1), size: row.integer(2), payload: row.optionalBytes(3)) }
            }
            guard let end = page.last?.id else { return }
            last = end
            report.manifests += page.count
            for row in page {
                guard let digest = Digest(bytes: row.digest), let payload = row.payload, Int64(payload.count) == row.size,
                    Digest.of(payload, by: digest.algorithm) == digest
                else {
                    report.damage.append(Damage(invariant: "I5", finding: "manifest \(row.id) does not have the bytes of its digest"))
                    continue
                }
            }
            progress("manifests", report.manifests)
        }
    }

    private func checkTags(_ report: inout CheckReport) async throws {
        report.tags = try await count("SELECT COUNT(*) FROM tags")
        report.repositories = try await count("SELECT COUNT(*) FROM repos WHERE state = 0")
    }

    private func count(_ query: SQL) async throws -> Int {
        Int(try await database.read { try $0.first(query) { $0.integer(0) } } ?? 0)
    }
}
