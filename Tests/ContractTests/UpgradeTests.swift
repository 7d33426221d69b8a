import AWSCore
import FileBlobStore
import Foundation
import Identity
import Logging
import OCI
import RegistryCore
import SQLiteDatabase
import Stores
import TestSupport
import Testing

/// A data folder of every format that Berth ever had, filled as it was then, is brought up to date and goes on.
@Suite struct UpgradeTests {
    /// The migrations that each format added to the one before, in the order of the commits that did. A release adds its own.
    private static let history: [[Int]] = [
        [1, 2, 3, 4, 100], [101, 900], [5], [6], [110], [103], [40], [20, 21], [80], [22], [23], [90], [60], [41, 42, 43],
        [200, 210, 220, 240, 241],
    ]

    /// The last one is today's.
    static let formats = history.indices.map { Set(history[...$0].joined()) } + [Set(TestInstallation.migrations.map(\.number))]

    @Test func theHistoryIsOfMigrationsThatThereAre() {
        let all = TestInstallation.migrations.map(\.number)
        #expect(Set(Self.history.joined()).isSubset(of: all))
    }

    @Test(arguments: formats)
    func aFolderOfThisFormatGoesOn(_ format: Set<Int>) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("berth.sqlite")
        let content = try OldImage()
        let old = try SQLiteDatabase(path: path, migrations: TestInstallation.migrations.filter { format.contains($0.number) })
        let store = try FileBlobStore(root: folder.file("store"))
        try await content.write(to: old, store)
        try await old.close()

        let database = try SQLiteDatabase(path: path, migrations: TestInstallation.migrations)
        let isOld = format.count < TestInstallation.migrations.count
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).contains { $0.hasPrefix("berth.sqlite.before-") } == isOld)
        #expect(try await database.integrityCheck() == [])
        let services = RegistryServices(
            database: database, blobs: store, archive: try FileBlobStore(root: folder.file("archive")), keys: InMemoryKeyProvider(),
            log: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let report = try await services.check(CheckOptions(reading: .all))
        #expect(report.isClean && report.manifests == 1 && report.blobs == 2 && report.bytesRead > 0, "\(report)")

        let registry = services.registry(try content.registryID)
        let (name, tag) = (try #require(RepositoryName("app")), try #require(ImageTag("v1")))
        #expect(try await registry.image(ImageIdentifier(tag: tag), in: name).payload == content.manifest.payload)
        #expect(try await registry.usage(of: name) == Usage(images: 1, bytes: content.bytes))
        let image = TestImage.image(seed: 3)
        try await registry.push(image, to: name, tags: [try #require(ImageTag("v2"))])
        #expect(try await registry.describeImages(in: name, .any, after: nil, limit: 10).elements.count == 2)
        _ = try await registry.deleteImages([ImageIdentifier(digest: content.manifestDigest)], in: name)
        #expect(try await services.check().isClean)
        try await database.close()
    }

    /// An image as the first format kept it.
    private struct OldImage {
        private let config = Array(#"{"architecture":"amd64","os":"linux"}"#.utf8)
        private let layer = [UInt8](repeating: 7, count: 5000)
        let manifest: Manifest

        init() throws {
            func descriptor(_ content: [UInt8], _ type: String) -> String {
                #"{"mediaType":"\#(type)","digest":"\#(Digest.of(content))","size":\#(content.count)}"#
            }
            let text = """
                {"schemaVersion":2,"mediaType":"\(MediaType.ociManifest)","config":\(descriptor(config, MediaType.ociImageConfig.description)),\
                "layers":[\(descriptor(layer, "application/vnd.oci.image.layer.v1.tar"))]}
                """
            manifest = try Manifest(payload: Array(text.utf8), contentType: .ociManifest)
        }

        var manifestDigest: Digest { Digest.of(manifest.payload) }
        var bytes: Int64 { Int64(config.count + layer.count) }

        var registryID: RegistryID {
            get throws {
                let arn = try #require(ARN("arn:aws:ecr:us-east-1:123456789012:repository/app"))
                return try #require(RegistryID(of: arn))
            }
        }

        func write(to database: SQLiteDatabase, _ store: FileBlobStore) async throws {
            let blobs = [(id: Int64(11), content: config), (id: 12, content: layer)]
            var keys: [ObjectKey] = []
            for blob in blobs {
                let key = try #require(ObjectKey("0\(blob.id)".prefix(2) + "/\(String(repeating: "a", count: 30))\(blob.id)"))
                let upload = try await store.append(to: key, at: 0)
                try await upload.write(.init(bytes: blob.content))
                try await upload.synchronize()
                await upload.close()
                try await store.commit(key, size: Int64(blob.content.count), as: key)
                keys.append(key)
            }
            let (manifest, digest, bytes, names) = (manifest, manifestDigest, bytes, keys)
            try await database.write { transaction in
                try transaction.execute("INSERT INTO accounts (id, is_default, created_at) VALUES ('123456789012', 1, 1)")
                try transaction.execute(
                    """
                    INSERT INTO repos (id, account, region, name, domain, mutability, created_at)
                    VALUES (1, '123456789012', 'us-east-1', 'app', '123456789012/us-east-1', 'MUTABLE', 1)
                    """)
                try transaction.execute("INSERT INTO repo_totals (repo_id, images, bytes) VALUES (1, 1, \(bytes))")
                try transaction.execute("INSERT INTO registry_totals (account, region, repositories) VALUES ('123456789012', 'us-east-1', 1)")
                try transaction.execute(
                    """
                    INSERT INTO manifests (id, repo_id, digest, media_type, payload_bytes, total_bytes, pushed_at, tag_count)
                    VALUES (21, 1, \(digest.bytes), \(manifest.mediaType.description), \(manifest.payload.count), \(bytes), 1, 1)
                    """)
                try transaction.execute("INSERT INTO manifest_bytes (manifest_id, payload) VALUES (21, \(manifest.payload))")
                try transaction.execute("INSERT INTO tags (repo_id, name, manifest_id, updated_at) VALUES (1, 'v1', 21, 1)")
                for (blob, key) in zip(blobs, names) {
                    try transaction.execute(
                        """
                        INSERT INTO blobs (id, domain, digest, size, object_key, created_at)
                        VALUES (\(blob.id), '123456789012/us-east-1', \(Digest.of(blob.content).bytes), \(blob.content.count), \(key.description), 1)
                        """)
                    try transaction.execute("INSERT INTO repo_blobs (repo_id, blob_id, lease_until) VALUES (1, \(blob.id), 1)")
                    try transaction.execute("INSERT INTO manifest_blobs (manifest_id, blob_id, repo_id) VALUES (21, \(blob.id), 1)")
                }
            }
        }
    }
}
