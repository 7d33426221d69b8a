import Foundation
import NIOCore
import OCI
import RegistryCore
import SealedObjects
import Stores
import TestSupport
import Testing

/// What lies on the disk is encrypted, and comes back as it was.
@Suite struct EncryptionTests {
    private let installation: TestInstallation
    private var registry: Registry { installation.registry }
    private let name: RepositoryName
    private let other: RepositoryName

    init() async throws {
        installation = try TestInstallation()
        name = try repository("app")
        other = try repository("other")
        for name in [name, other] { _ = try await installation.registry.createRepository(name) }
    }

    /// Words that occur nowhere by chance.
    private func words(_ count: Int, _ seed: Int = 0) -> [UInt8] { Array((0..<count).map { "quince marmalade \(seed) \($0)\n" }.joined().utf8) }

    @Test(arguments: [0, 1, 100, 16_383, 16_384, 16_385, 65_536, 700_000])
    func whatIsPushedComesBack(_ size: Int) async throws {
        let content = Array(words(60_000).prefix(size))
        let digest = try await registry.push(content, to: name)
        #expect(try await registry.pull(digest, from: name) == content)
        let open = try await registry.openLayer(digest, in: name)
        defer { open.content.close() }
        #expect(open.content.fileDescriptor == nil && open.layer.size == Int64(size))
        for start in [0, 1, 16_383, 16_384, 20_000, size - 1] where start >= 0 && start < size {
            for count in [1, 17, 16_384, 40_000] {
                let bytes = try await open.content.read(at: Int64(start), count: count)
                #expect(Array(bytes.readableBytesView) == Array(content[start..<min(size, start + count)]))
                let atHand = try #require(try open.content.readNow(at: Int64(start), count: count, into: ReadBuffer(capacity: 1)))
                #expect(atHand == bytes)
            }
        }
    }

    /// Everything in the data folder, the database and its log among it, while uploads are under way.
    @Test func nothingThatWasPushedIsFoundOnTheDisk() async throws {
        let content = words(5_000)
        try await registry.pushImage(layers: [content, Array("short quince marmalade".utf8)], tags: [try tag("v1")], to: name)
        let upload = try await registry.startUpload(in: name)
        _ = try await registry.append(.stream(stream(of: words(2_000, 7)), from: nil), to: upload.id, in: name)
        _ = try await registry.append(.stream(stream(of: Array("the quince marmalade end".utf8)), from: nil), to: upload.id, in: name)
        for (file, bytes) in try files() {
            for pattern in ["quince marmalade", #""architecture":"amd64""#, "schemaVersion"] {
                #expect(bytes.range(of: Data(pattern.utf8)) == nil, "\(pattern) in \(file)")
            }
        }
        let plain = try TestInstallation(encryptsAtRest: false)
        _ = try await plain.registry.createRepository(name)
        try await plain.registry.push(content, to: name)
        #expect(try files(of: plain).contains { $0.1.range(of: Data("quince marmalade".utf8)) != nil }, "the search finds what is plain")
    }

    /// An upload goes on where it was left, piece by piece, also at and around the edges of chunks.
    @Test(arguments: [1, 4_000, 16_384, 16_385, 100_000]) func anUploadInPieces(_ piece: Int) async throws {
        let content = Array(words(9_000).prefix(piece < 100 ? 50 : 200_000))
        let upload = try await registry.startUpload(in: name)
        var start = 0
        while start < content.count {
            let end = min(content.count, start + piece)
            let state = try await registry.append(.stream(stream(of: Array(content[start..<end])), from: Int64(start)), to: upload.id, in: name)
            #expect(state.offset == Int64(end))
            start = end
        }
        #expect(try await installation.services.check().damage == [])
        for algorithm in [Digest.Algorithm.sha256] {
            let digest = Digest.of(content, by: algorithm)
            _ = try await registry.completeUpload(upload.id, as: digest, in: name)
            #expect(try await registry.pull(digest, from: name) == content)
        }
    }

    @Test func sha512AndABrokenConnection() async throws {
        let content = words(4_000)
        let upload = try await registry.startUpload(in: name)
        await #expect(throws: ConnectionBroken.self) {
            try await registry.append(.stream(brokenStream(of: Array(content.prefix(50_001))), from: 0), to: upload.id, in: name)
        }
        #expect(try await registry.upload(upload.id, in: name).offset == 50_001)
        _ = try await registry.append(.stream(stream(of: Array(content.dropFirst(50_001))), from: 50_001), to: upload.id, in: name)
        let digest = Digest.of(content, by: .sha512)
        _ = try await registry.completeUpload(upload.id, as: digest, in: name)
        #expect(try await registry.pull(digest, from: name) == content)
    }

    /// After a crash the file may hold chunks that were not acknowledged. Other bytes at their place are sealed under other keys.
    @Test func noChunkIsSealedTwice() async throws {
        let content = words(4_000)
        let upload = try await registry.startUpload(in: name)
        _ = try await registry.append(.stream(stream(of: Array(content.prefix(40_000))), from: 0), to: upload.id, in: name)
        let before = try #require(try files().first { $0.0.contains("/uploads/") })
        // What a crash leaves: two more chunks, of which no row tells.
        try Data(before.1 + Data(repeating: 9, count: 2 * ObjectLayout.sealedChunk)).write(to: URL(filePath: before.0))

        _ = try await registry.append(.stream(stream(of: Array(content[40_000..<90_000])), from: 40_000), to: upload.id, in: name)
        let after = try #require(try files().first { $0.0.contains("/uploads/") && $0.0 != before.0 }, "it has another name, and other keys")
        #expect(after.1.prefix(before.1.count) != before.1)
        _ = try await registry.append(.stream(stream(of: Array(content[90_000...])), from: 90_000), to: upload.id, in: name)
        let digest = Digest.of(content)
        _ = try await registry.completeUpload(upload.id, as: digest, in: name)
        #expect(try await registry.pull(digest, from: name) == content)
        #expect(try await installation.services.check(CheckOptions(reading: .all)).damage == [])
    }

    /// One object for a key domain, one wrapped key for each repository.
    @Test func repositoriesOfADomainShareAnObject() async throws {
        let content = words(3_000)
        let digest = try await registry.push(content, to: name)
        #expect(try await registry.mountLayer(digest, from: name, into: other))
        try await registry.push(content, to: try await newRepository("third"))
        for name in [name, other, try repository("third")] { #expect(try await registry.pull(digest, from: name) == content) }
        #expect(try await count("SELECT COUNT(*) FROM blobs") == 1)
        #expect(try await count("SELECT COUNT(DISTINCT wrap) FROM repo_blobs WHERE wrap IS NOT NULL") == 3)
    }

    /// The wraps of two repositories, or two blobs, exchanged; an older one put back.
    @Test(arguments: ["repo_id", "blob_id"]) func exchangedWrapsOpenNothing(_ column: String) async throws {
        let content = words(3_000)
        let digest = try await registry.push(content, to: name)
        let second = try await registry.push(words(3_000, 1), to: name)
        #expect(try await registry.mountLayer(digest, from: name, into: other))
        let isByRepository = column == "repo_id"
        try await installation.sqlite.write { transaction in
            let rows = try transaction.rows(
                "SELECT l.repo_id, l.blob_id, l.wrap FROM repo_blobs l JOIN blobs b ON b.id = l.blob_id ORDER BY l.repo_id, l.blob_id"
            ) { ($0.integer(0), $0.integer(1), $0.bytes(2)) }
            let shared = rows.filter { row in isByRepository ? rows.contains { $0.1 == row.1 && $0.0 != row.0 } : row.0 == rows[0].0 }
            try transaction.execute("UPDATE repo_blobs SET wrap = \(shared[1].2) WHERE repo_id = \(shared[0].0) AND blob_id = \(shared[0].1)")
            try transaction.execute("UPDATE repo_blobs SET wrap = \(shared[0].2) WHERE repo_id = \(shared[1].0) AND blob_id = \(shared[1].1)")
        }
        let absent = RegistryError.layerNotFound(digest, name, registry: registry.id)
        await #expect(throws: absent) { try await registry.pull(digest, from: name) }
        #expect(try await installation.services.check().damage.contains { $0.finding.contains("\(digest)") })
        // A push of the same content heals it, for all.
        try await registry.push(content, to: name)
        for name in isByRepository ? [name, other] : [name] { #expect(try await registry.pull(digest, from: name) == content) }
        _ = second
    }

    /// The files of two blobs exchanged.
    @Test func exchangedFilesOpenNothing() async throws {
        let digests = [try await registry.push(words(3_000, 1), to: name), try await registry.push(words(3_000, 2), to: name)]
        let objects = try files().filter { $0.0.contains("/blobs/") }
        #expect(objects.count == 2 && objects[0].1.count == objects[1].1.count)
        for index in 0..<2 { try objects[index].1.write(to: URL(filePath: objects[1 - index].0)) }
        for digest in digests {
            await #expect(throws: RegistryError.layerNotFound(digest, name, registry: registry.id)) { try await registry.pull(digest, from: name) }
        }
    }

    /// Each kind of place of a stored object changed: no wrong byte is given out, and the blob is in quarantine then.
    @Test(arguments: [0, 30, 56, 9_000, 16_450, 16_456, 40_000, -17, -1])
    func aChangedByteIsNeverGivenOut(_ place: Int) async throws {
        let content = words(3_000)
        let digest = try await registry.push(content, to: name)
        let (file, bytes) = try #require(try files().first { $0.0.contains("/blobs/") })
        var changed = bytes
        changed[place < 0 ? changed.count + place : place] ^= 0x10
        try changed.write(to: URL(filePath: file))
        var given: [UInt8] = []
        do {
            let open = try await registry.openLayer(digest, in: name)
            defer { open.content.close() }
            while given.count < content.count {
                if let atHand = try open.content.readNow(at: Int64(given.count), count: 16_384, into: ReadBuffer(capacity: 1)) {
                    #expect(Array(atHand.readableBytesView) == Array(content[given.count...].prefix(16_384)))
                }
                given += try await open.content.read(at: Int64(given.count), count: 16_384).readableBytesView
            }
            Issue.record("it was read to its end")
        } catch is RegistryError {
        } catch BlobStoreError.failed {
        }
        #expect(given == Array(content.prefix(given.count)) && given.count % 16_384 == 0)
        #expect(try await installation.services.damagedBlobs() == 1)
        try await registry.push(content, to: name)
        #expect(try await registry.pull(digest, from: name) == content)
    }

    /// Cut at each edge of a chunk, and grown.
    @Test(arguments: [0, 56, 72, 16_456, 32_856, 16_472, 100_000]) func aFileOfAnotherLengthIsNeverGivenOut(_ length: Int) async throws {
        let digest = try await registry.push(Array(words(3_000).prefix(50_000)), to: name)
        let (file, bytes) = try #require(try files().first { $0.0.contains("/blobs/") })
        try Data((bytes + bytes).prefix(length)).write(to: URL(filePath: file))
        await #expect(throws: RegistryError.layerNotFound(digest, name, registry: registry.id)) { try await registry.openLayer(digest, in: name) }
    }

    @Test func aManifestThatWasChangedIsNotGivenOut() async throws {
        let image = try await registry.pushImage(layers: [words(10)], tags: [try tag("v1")], to: name)
        #expect(try await registry.image(ImageIdentifier(digest: image.digest), in: name).payload.count > 100)
        try await installation.sqlite.write { transaction in
            var payload = try transaction.first("SELECT payload FROM manifest_bytes") { $0.bytes(0) } ?? []
            payload[payload.count / 2] ^= 1
            try transaction.execute("UPDATE manifest_bytes SET payload = \(payload)")
        }
        await #expect(throws: BlobStoreError.self) { try await registry.image(ImageIdentifier(digest: image.digest), in: name) }
        #expect(try await installation.services.check().damage.map(\.invariant) == ["I5"])
    }

    /// Deleting a repository leaves nothing that opens what it alone had.
    @Test func aDeletedRepositoryTakesItsKeyAlong() async throws {
        try await registry.pushImage(layers: [words(3_000)], tags: [try tag("v1")], to: name)
        #expect(try await count("SELECT COUNT(*) FROM repos WHERE sealed_key IS NOT NULL") == 1)
        _ = try await registry.deleteRepository(name, force: true)
        #expect(try await count("SELECT COUNT(*) FROM repos WHERE sealed_key IS NOT NULL") == 0)
        // The same content, pushed elsewhere before the rows are gone, does not need what is lost.
        let digest = try await registry.push(words(3_000), to: other)
        #expect(try await registry.pull(digest, from: other) == words(3_000))
    }

    /// What was stored plain is read as it is, and encrypted in the background.
    @Test func plainObjectsAreEncryptedInTheBackground() async throws {
        let plain = try TestInstallation(encryptsAtRest: false)
        _ = try await plain.registry.createRepository(name)
        _ = try await plain.registry.createRepository(other)
        let content = words(3_000)
        let image = try await plain.registry.pushImage(layers: [content], tags: [try tag("v1")], to: name)
        let digest = Digest.of(content)
        #expect(try await plain.registry.mountLayer(digest, from: name, into: other))

        let services = RegistryServices(
            database: plain.services.database, blobs: plain.blobs, archive: plain.services.archive, clock: plain.clock, ids: plain.ids,
            keys: plain.keys,
            log: plain.services.log)
        let registry = services.registry(plain.registry.id)
        #expect(try await registry.pull(digest, from: name) == content)
        #expect(try await services.encryptionStatus().plainBlobs == 2)
        #expect(try await services.encryptPlainManifests(limit: 10) == 1)
        var step = try await services.encryptPlainBlobs(after: 0, upTo: 1)
        #expect(step.blobs == 1)
        step = try await services.encryptPlainBlobs(after: try #require(step.position), upTo: .max)
        #expect(step.blobs == 1)
        let status = try await services.encryptionStatus()
        #expect(status.plainBlobs == 0 && status.plainManifests == 0 && status.encryptedBlobs == 2)
        for name in [name, other] { #expect(try await registry.pull(digest, from: name) == content) }
        #expect(try await registry.image(ImageIdentifier(digest: image.digest), in: name).digest == image.digest)
        #expect(try await services.check(CheckOptions(reading: .all)).damage == [])
        plain.clock.advance(by: .seconds(61))
        _ = try await services.reapObjects(limit: 10)
        #expect(try files(of: plain).allSatisfy { !$0.0.contains("/blobs/") || $0.1.range(of: Data("quince".utf8)) == nil })
    }

    private func newRepository(_ text: String) async throws -> RepositoryName {
        let name = try repository(text)
        _ = try await registry.createRepository(name)
        return name
    }

    private func count(_ query: SQL) async throws -> Int64 { try await installation.sqlite.read { try $0.first(query) { $0.integer(0) } } ?? 0 }

    private func files(of installation: TestInstallation? = nil) throws -> [(String, Data)] {
        let root = (installation ?? self.installation).folder.file("")
        let found = try #require(FileManager.default.enumerator(atPath: root))
        return try found.compactMap { $0 as? String }.map { root + "/" + $0 }.filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
        }.map { ($0, try Data(contentsOf: URL(filePath: $0))) }
    }
}
