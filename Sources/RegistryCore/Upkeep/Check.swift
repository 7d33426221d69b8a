import Foundation
import OCI
import SealedObjects
import Stores

/// One thing that is wrong with an installation.
package struct Damage: Hashable, Sendable {
    /// The invariant of `docs/storage-layout.md` that does not hold: `I1` to `I6`; `database` for the file of the database itself.
    package let invariant: String
    /// What was found, with ids, in one sentence.
    package let finding: String

    package init(invariant: String, finding: String) {
        self.invariant = invariant
        self.finding = finding
    }
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
    /// Blobs that are in quarantine now.
    package var quarantined: [Digest] = []
    /// Objects that no row names: harmless, left by a crash or by other hands.
    package var orphans: [ObjectKey] = []

    package var isClean: Bool { damage.isEmpty }
}

/// A manifest's row with its bytes; what cannot be read of it is nil.
private struct CheckedManifest: Sendable {
    let id: Int64
    let digest: Digest?
    let mediaType: String
    let size: Int64
    let payload: StoredPayload?
    /// Nil of one that is deleted.
    let repository: Repository?
}

/// Of a manifest, the member that says what it is.
private struct NamedType: Decodable {
    let mediaType: String?
}

extension RegistryServices {
    /// Checks invariants I1 to I6 over everything there is, page by page in bounded memory. Changes nothing but what `options` say.
    /// `progress` hears of every page.
    package func check(
        _ options: CheckOptions = CheckOptions(), progress: @Sendable (CheckProgress) -> Void = { _ in }
    ) async throws -> CheckReport {
        var report = CheckReport()
        report.tags = Int(try await count("SELECT COUNT(*) FROM tags"))
        report.repositories = Int(try await count("SELECT COUNT(*) FROM repos WHERE state = 0"))
        try await checkReferences(&report, progress)
        try await checkManifests(&report, progress)
        try await checkBlobs(&report, options, progress)
        try await checkUploads(&report, options, progress)
        try await findOrphans(&report, progress)
        return report
    }

    /// I5: every manifest's bytes hash to its digest, and name no other media type than its row.
    private func checkManifests(_ report: inout CheckReport, _ progress: (CheckProgress) -> Void) async throws {
        let total = try await count("SELECT COUNT(*) FROM manifests")
        var last: Int64 = 0
        while true {
            let start = last
            let page = try await database.read { transaction in
                try transaction.rows(
                    """
                    SELECT m.id, m.digest, m.payload_bytes, p.payload, p.sealed, m.repo_id, m.media_type FROM manifests m
                    LEFT JOIN manifest_bytes p ON p.manifest_id = m.id WHERE m.id > \(start) ORDER BY m.id LIMIT 200
                    """
                ) { row in
                    CheckedManifest(
                        id: row.integer(0), digest: Digest(bytes: row.bytes(1)), mediaType: row.text(6), size: row.integer(2),
                        payload: row.optionalBytes(3).map { StoredPayload(bytes: $0, keyNumber: row.integer(4)) },
                        repository: try transaction.repository(rowID: row.integer(5)))
                }
            }
            guard let end = page.last?.id else { return }
            last = end
            report.manifests += page.count
            for row in page {
                guard let finding = try await finding(on: row) else { continue }
                report.damage.append(Damage(invariant: "I5", finding: finding))
            }
            progress(CheckProgress(subject: .manifests, done: Int64(report.manifests), total: total))
        }
    }

    /// What is wrong with a manifest; nil when nothing is, or when its repository is deleted, and its key with it.
    private func finding(on manifest: CheckedManifest) async throws -> String? {
        let wrong = "manifest \(manifest.id) does not have the bytes of its digest"
        guard let digest = manifest.digest, let stored = manifest.payload else { return wrong }
        var payload = stored.bytes
        if stored.isSealed {
            guard let repository = manifest.repository else { return nil }
            do {
                payload = try await open(stored, of: digest, in: repository)
            } catch BlobStoreError.failed {
                return wrong
            } catch let failure as KeyFailure {
                return "manifest \(manifest.id) cannot be read while its key cannot be used: \(failure)"
            } catch let damage as ObjectDamage {
                return "manifest \(manifest.id) cannot be read: \(damage.reason)"
            }
        }
        guard Int64(payload.count) == manifest.size, Digest.of(payload, by: digest.algorithm) == digest else { return wrong }
        guard let named = try? JSONDecoder().decode(NamedType.self, from: Data(payload)).mediaType, named != manifest.mediaType else { return nil }
        return "manifest \(manifest.id) says that it is \(named), but is stored as \(manifest.mediaType)"
    }

    func count(_ query: SQL) async throws -> Int64 {
        try await database.read { try $0.first(query) { $0.integer(0) } } ?? 0
    }
}
