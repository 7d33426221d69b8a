import Lifecycle
import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

/// A repository of ten thousand images; `make scale` has a million.
@Suite struct LifecycleScaleTests {
    @Test func evaluatesTenThousandImages() async throws {
        let count = 10_000
        let installation = try TestInstallation()
        let name = try repository("app")
        _ = try await installation.registry.createRepository(name)
        let began = installation.clock.now
        try await installation.services.database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO manifests (id, repo_id, digest, media_type, payload_bytes, total_bytes, pushed_at, tag_count)
                WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(count))
                SELECT 1000 + n, r.id, CAST(printf('%032d', n) AS BLOB), 'application/vnd.oci.image.manifest.v1+json', 2, 0, \(began) + n, n % 2
                FROM numbers, repos r
                """)
            try transaction.execute(
                "INSERT INTO tags (repo_id, name, manifest_id, updated_at) SELECT repo_id, 'v' || id, id, pushed_at FROM manifests WHERE tag_count = 1"
            )
        }
        installation.clock.advance(by: .seconds(24 * 3600))
        let text = """
            {"rules":[
                {"rulePriority":1,"selection":{"tagStatus":"tagged","tagPatternList":["v*7"],"countType":"imageCountMoreThan","countNumber":100},"action":{"type":"expire"}},
                {"rulePriority":2,"selection":{"tagStatus":"untagged","countType":"imageCountMoreThan","countNumber":10},"action":{"type":"expire"}}
            ]}
            """
        _ = try await installation.registry.startLifecyclePreview(of: text, in: name)
        let statements = installation.recording.statements.count
        while try await installation.services.sweepLifecycles(pages: 100) > 0 {}
        let preview = try await installation.registry.lifecyclePreview(in: name, .any, after: 0, limit: 1)
        // One of ten images has a tag that ends in 7, and half of all have none.
        #expect(preview.status == .complete)
        #expect(preview.expiring == Int64(count / 10 - 100 + count / 2 - 10))
        // Its page, its tags, its marks and their questions; nothing is asked of an image that stays and is tagged.
        #expect(installation.recording.statements.count - statements < 6 * count)
    }
}
