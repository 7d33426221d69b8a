import Lifecycle
import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

/// A repository of ten thousand images; `make scale` has a million.
@Suite struct LifecycleScaleTests {
    private let count = 10_000

    /// The images 1 to 10,000, oldest first; every other one has a tag, `v` and its row.
    private func fill(_ installation: TestInstallation) async throws -> RepositoryName {
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
        return name
    }

    /// Page after page, each image once, the newest first; a page costs as many statements as any other.
    @Test(arguments: [100, 1000]) func listsAndDescribesTenThousandImages(size: Int) async throws {
        let installation = try TestInstallation()
        let name = try await fill(installation)
        let registry = installation.registry
        var described: [ImageDetail] = []
        var listed: [ImageIdentifier] = []
        var cursor: ImageCursor?
        repeat {
            let before = installation.recording.runs
            let page = try await registry.describeImages(in: name, .any, after: cursor, limit: size)
            #expect(installation.recording.runs - before == 4, "the repository, its images, their tags, their pulls")
            described += page.elements
            cursor = page.next
        } while cursor != nil
        repeat {
            let page = try await registry.listImages(in: name, .any, after: cursor, limit: size)
            listed += page.elements
            cursor = page.next
        } while cursor != nil
        #expect(described.count == count && Set(described.map(\.digest)).count == count)
        #expect(listed == described.map { ImageIdentifier(digest: $0.digest, tag: $0.tags.first) })
        #expect(zip(described, described.dropFirst()).allSatisfy { $0.pushedAt >= $1.pushedAt })
        #expect(described.count { $0.tags.isEmpty } == count / 2)
    }

    @Test func evaluatesTenThousandImages() async throws {
        let installation = try TestInstallation()
        let name = try await fill(installation)
        let text = """
            {"rules":[
                {"rulePriority":1,"selection":{"tagStatus":"tagged","tagPatternList":["v*7"],"countType":"imageCountMoreThan","countNumber":100},"action":{"type":"expire"}},
                {"rulePriority":2,"selection":{"tagStatus":"untagged","countType":"imageCountMoreThan","countNumber":10},"action":{"type":"expire"}}
            ]}
            """
        _ = try await installation.registry.startLifecyclePreview(of: text, in: name)
        let statements = installation.recording.runs
        while try await installation.services.sweepLifecycles(pages: 100) > 0 {}
        let preview = try await installation.registry.lifecyclePreview(in: name, .any, after: 0, limit: 1)
        // One of ten images has a tag that ends in 7, and half of all have none.
        #expect(preview.status == .complete)
        #expect(preview.expiring == Int64(count / 10 - 100 + count / 2 - 10))
        // Its page, its tags, its marks and their questions; nothing is asked of an image that stays and is tagged.
        #expect(installation.recording.runs - statements < 6 * count)
    }
}
