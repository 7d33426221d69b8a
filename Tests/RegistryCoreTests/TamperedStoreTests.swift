import Foundation
import NIOCore
import OCI
import SealedObjects
import Stores
import TestSupport
import Testing

@testable import RegistryCore

/// Files and rows that were changed, moved, exchanged or put back to what they were: each is refused, none is served.
@Suite struct TamperedStoreTests {
    private let installation: TestInstallation
    private let keys = InMemoryDataKeys()
    private let name: RepositoryName
    private let other: RepositoryName
    private var registry: Registry { installation.registry }
    private var services: RegistryServices { installation.services }

    init() async throws {
        installation = try TestInstallation(dataKeys: keys)
        name = try repository("app")
        other = try repository("other")
        for name in [name, other] { _ = try await installation.registry.createRepository(name) }
    }

    /// Some chunks, and another last one for each.
    private func content(_ seed: Int) -> [UInt8] { Array((0..<(4_000 + seed)).map { "sloe \(seed) \($0)\n" }.joined().utf8) }

    // MARK: Rows

    /// A change of the database, by what it does.
    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let statements: [SQL]

        init(_ description: String, _ statements: SQL...) {
            testDescription = description
            self.statements = statements
        }
    }

    private static let layerChanges = [
        Change(
            "the wraps of before",
            "UPDATE repo_blobs SET wrap = (SELECT wrap FROM old_wraps o WHERE o.repo_id = repo_blobs.repo_id AND o.blob_id = repo_blobs.blob_id)"),
        Change("the generation of before", "UPDATE blobs SET generation = generation - 1"),
        Change("the objects of before", "UPDATE blobs SET object_key = (SELECT object_key FROM old_blobs o WHERE o.id = blobs.id)"),
        Change(
            "the rows of before, with the wraps of now",
            "UPDATE blobs SET generation = generation - 1, object_key = (SELECT object_key FROM old_blobs o WHERE o.id = blobs.id)"),
        Change(
            "wraps and generation of before, with the objects of now", "UPDATE blobs SET generation = generation - 1",
            "UPDATE repo_blobs SET wrap = (SELECT wrap FROM old_wraps o WHERE o.repo_id = repo_blobs.repo_id AND o.blob_id = repo_blobs.blob_id)"),
        Change("the key of the repository of before", "UPDATE repos SET sealed_key = (SELECT sealed_key FROM old_repos o WHERE o.id = repos.id)"),
        Change(
            "the keys of two repositories exchanged", "CREATE TABLE swap AS SELECT id, sealed_key FROM repos",
            "UPDATE repos SET sealed_key = (SELECT sealed_key FROM swap s WHERE s.id <> repos.id)"),
        Change(
            "the wraps of two repositories exchanged", "CREATE TABLE swap AS SELECT repo_id, blob_id, wrap FROM repo_blobs",
            "UPDATE repo_blobs SET wrap = (SELECT wrap FROM swap s WHERE s.blob_id = repo_blobs.blob_id AND s.repo_id <> repo_blobs.repo_id)"),
        Change(
            "the digests of two blobs exchanged", "CREATE TABLE swap AS SELECT id, digest FROM blobs",
            "UPDATE blobs SET digest = CAST('x' || id AS BLOB)",
            "UPDATE blobs SET digest = (SELECT digest FROM swap s WHERE s.id <> blobs.id)"),
        Change(
            "the objects of two blobs exchanged", "CREATE TABLE swap AS SELECT id, object_key, size, sealed_bytes FROM blobs",
            "UPDATE blobs SET object_key = 'x' || id",
            """
            UPDATE blobs SET (object_key, size, sealed_bytes) = (SELECT object_key, size, sealed_bytes FROM swap s WHERE s.id <> blobs.id)
            """),
        Change("said to be plain", "UPDATE blobs SET sealed_bytes = NULL"),
        Change("said to be plain, with the object's size", "UPDATE blobs SET size = sealed_bytes, sealed_bytes = NULL"),
        Change("a byte less", "UPDATE blobs SET size = size - 1"),
        Change("a byte less of both", "UPDATE blobs SET size = size - 1, sealed_bytes = sealed_bytes - 1"),
        Change("another key domain", "UPDATE blobs SET domain = domain || '/x'", "UPDATE repos SET domain = domain || '/x'"),
        Change("another number of the key", "UPDATE repo_blobs SET key_number = key_number + 1"),
        Change("another kind of key", "UPDATE repos SET encryption = 'KMS', kms_key = 'arn:aws:kms:us-east-1:123456789012:key/x'"),
        Change(
            "a flipped bit in the wraps",
            "UPDATE repo_blobs SET wrap = CAST(substr(wrap, 1, 30) || CASE WHEN substr(wrap, 31, 1) = X'00' THEN X'01' ELSE X'00' END || substr(wrap, 32) AS BLOB)"
        ),
        Change("a shorter wrap", "UPDATE repo_blobs SET wrap = substr(wrap, 1, 60)"),
        Change("no wrap", "UPDATE repo_blobs SET wrap = NULL"),
    ]

    @Test(arguments: layerChanges) func layersUnderChangedRowsAreRefused(_ change: Change) async throws {
        let contents = [content(1), content(2)]
        for content in contents {
            let digest = try await registry.push(content, to: name)
            #expect(try await registry.mountLayer(digest, from: name, into: other))
        }
        try await makeAnother()
        for content in contents { #expect(try await whole(Digest.of(content)) == content) }
        try await carryOut(change)
        for content in contents { #expect(try await whole(Digest.of(content)) == nil, "\(change.testDescription)") }
        #expect(try await !services.check(CheckOptions(reading: .all)).isClean)
    }

    /// Old and new state of what is stored: the tables `old_…`, and other objects, keys of repositories and data keys after them.
    private func makeAnother() async throws {
        try await carryOut(
            Change(
                "", "CREATE TABLE old_blobs AS SELECT * FROM blobs", "CREATE TABLE old_wraps AS SELECT * FROM repo_blobs",
                "CREATE TABLE old_repos AS SELECT * FROM repos", "CREATE TABLE old_payloads AS SELECT * FROM manifest_bytes"))
        installation.clock.advance(by: .seconds(1))
        _ = try await services.beginRenewal(anew: false)
        #expect(try await services.renewDataKeys(after: 0, upTo: .max).blobs >= 2)
        for name in [name, other] {
            try await registry.changeKey(of: name, to: .aes256)
            var next: MovePosition? = .uploads
            while let position = next { next = try await registry.moveContent(of: name, from: position, upTo: .max).next }
            #expect(try await !registry.finishKeyChange(of: name).isUnderWay)
        }
    }

    private func carryOut(_ change: Change) async throws {
        try await installation.sqlite.write { transaction in
            try transaction.execute("PRAGMA defer_foreign_keys = 1")
            for statement in change.statements { try transaction.execute(statement) }
        }
    }

    private static let manifestChanges = [
        Change(
            "the bytes of before",
            "UPDATE manifest_bytes SET payload = (SELECT payload FROM old_payloads o WHERE o.manifest_id = manifest_bytes.manifest_id)"),
        Change(
            "exchanged", "CREATE TABLE swap AS SELECT manifest_id, payload FROM manifest_bytes",
            "UPDATE manifest_bytes SET payload = (SELECT payload FROM swap s WHERE s.manifest_id <> manifest_bytes.manifest_id)"),
        Change("said to be plain", "UPDATE manifest_bytes SET sealed = 0"),
        Change("plain, and others", "UPDATE manifest_bytes SET sealed = 0, payload = CAST('{\"schemaVersion\":2}' AS BLOB)"),
        Change("another number of the key", "UPDATE manifest_bytes SET sealed = sealed + 1"),
        Change("the number of the key of before", "UPDATE manifest_bytes SET sealed = sealed - 1"),
        Change("cut off", "UPDATE manifest_bytes SET payload = substr(payload, 1, 40)"),
        Change("empty", "UPDATE manifest_bytes SET payload = X''"),
        Change(
            "the digests exchanged", "CREATE TABLE swap AS SELECT id, digest FROM manifests", "UPDATE manifests SET digest = CAST('x' || id AS BLOB)",
            "UPDATE manifests SET digest = (SELECT digest FROM swap s WHERE s.id <> manifests.id)"),
    ]

    @Test(arguments: manifestChanges) func manifestsUnderChangedRowsAreRefused(_ change: Change) async throws {
        let images = [
            try await registry.pushImage(layers: [content(1)], tags: [try tag("a")], to: name),
            try await registry.pushImage(layers: [content(2)], tags: [try tag("b")], to: name),
        ]
        try await makeAnother()
        try await carryOut(change)
        for image in images {
            await #expect(throws: (any Error).self) { try await registry.image(ImageIdentifier(digest: image.digest), in: name) }
            await #expect(throws: (any Error).self) { try await registry.images([ImageIdentifier(digest: image.digest)], in: name) }
        }
        #expect(try await !services.check().isClean)
    }

    private static let uploadChanges = [
        Change("the progress of before", "UPDATE uploads SET progress = (SELECT progress FROM old_uploads o WHERE o.id = uploads.id)"),
        Change("the offset of before", "UPDATE uploads SET off = (SELECT off FROM old_uploads o WHERE o.id = uploads.id)"),
        Change(
            "the progress of two exchanged", "CREATE TABLE swap AS SELECT id, progress FROM uploads",
            "UPDATE uploads SET progress = (SELECT progress FROM swap s WHERE s.id <> uploads.id)"),
        Change(
            "the keys of two exchanged", "CREATE TABLE swap AS SELECT id, wrap FROM uploads",
            "UPDATE uploads SET wrap = (SELECT wrap FROM swap s WHERE s.id <> uploads.id)"),
        Change("said to be plain", "UPDATE uploads SET wrap = NULL, progress = NULL"),
        Change("another repository's", "UPDATE uploads SET repo_id = (SELECT id FROM repos WHERE name = 'other')"),
    ]

    /// An upload whose row was changed never becomes a blob of other content.
    @Test(arguments: uploadChanges) func uploadsUnderChangedRowsAreRefused(_ change: Change) async throws {
        var uploads: [String] = []
        for seed in [1, 2] {
            let upload = try await registry.startUpload(in: name)
            _ = try await registry.append(.stream(stream(of: Array(content(seed).prefix(20_000))), from: 0), to: upload.id, in: name)
            uploads.append(upload.id)
        }
        try await carryOut(Change("", "CREATE TABLE old_uploads AS SELECT * FROM uploads"))
        for (seed, id) in zip([1, 2], uploads) {
            _ = try await registry.append(.stream(stream(of: Array(content(seed)[20_000..<40_000])), from: 20_000), to: id, in: name)
        }
        try await carryOut(change)
        for (seed, id) in zip([1, 2], uploads) {
            for repository in [name, other] {
                await #expect(throws: (any Error).self) {
                    _ = try await registry.append(.stream(stream(of: Array(content(seed)[40_000...])), from: 40_000), to: id, in: repository)
                    _ = try await registry.completeUpload(id, as: Digest.of(content(seed)), in: repository)
                }
            }
        }
        #expect(try await services.count("SELECT COUNT(*) FROM blobs") == 0)
    }

    // MARK: Files

    /// What is done to the chunks of a stored object, by their numbers.
    enum Rearrangement: String, CaseIterable, Sendable {
        case swapped, repeated, leftOut, lastInFront, headerOfAnother, chunkOfAnother
    }

    @Test(arguments: Rearrangement.allCases, ["AES256", "KMS", "KMS_DSSE"])
    func rearrangedChunksAreRefused(_ rearrangement: Rearrangement, _ kind: String) async throws {
        let name = try await made(under: kind)
        // Of the same size, so that nothing but the content is another.
        let contents = [Array(content(1).prefix(50_000)), Array(content(2).prefix(50_000))]
        var objects: [(path: String, bytes: [UInt8])] = []
        for content in contents {
            try await registry.push(content, to: name)
            objects.append(try #require(try stored().first { path, _ in !objects.contains { $0.path == path } }))
        }
        let (header, size) = (ObjectLayout.header, ObjectLayout.sealedChunk)
        func split(_ bytes: [UInt8]) -> (ArraySlice<UInt8>, [ArraySlice<UInt8>]) {
            (bytes[..<header], stride(from: header, to: bytes.count, by: size).map { bytes[$0..<min($0 + size, bytes.count)] })
        }
        var (head, chunks) = split(objects[0].bytes)
        let another = split(objects[1].bytes)
        switch rearrangement {
        case .swapped: chunks.swapAt(0, 1)
        case .repeated: chunks[1] = chunks[0]
        case .leftOut: chunks.remove(at: 1)
        case .lastInFront: chunks.swapAt(0, chunks.count - 1)
        case .headerOfAnother: head = another.0
        case .chunkOfAnother: chunks[1] = another.1[1]
        }
        try Data(head + chunks.joined()).write(to: URL(filePath: objects[0].path))
        let given = try await prefix(Digest.of(contents[0]), of: name)
        #expect(given.map { contents[0].starts(with: $0) && $0.count < contents[0].count } ?? true)
        #expect(try await whole(Digest.of(contents[0]), of: name) == nil)
        #expect(try await whole(Digest.of(contents[1]), of: name) == contents[1])
        #expect(try await services.damagedBlobs() == 1)
    }

    /// Each class of places in an object of two layers: salt, commitment, the first and last byte and the tag of the first, a middle and the last chunk.
    @Test(arguments: [0, 23, 24, 55, 56, 57, 9_000, 16_439, 16_440, 16_455, 16_456, 30_000, 32_840, 32_856, -40, -17, -16, -1], ["KMS", "KMS_DSSE"])
    func aChangedByteIsRefused(_ place: Int, _ kind: String) async throws {
        let name = try await made(under: kind)
        let content = content(1)
        let digest = try await registry.push(content, to: name)
        let (path, bytes) = try #require(try stored().first)
        var changed = bytes
        changed[place < 0 ? bytes.count + place : place] ^= 1
        try Data(changed).write(to: URL(filePath: path))
        let given = try await prefix(digest, of: name)
        #expect(given.map { content.starts(with: $0) && $0.count < content.count } ?? true)
        #expect(try await whole(digest, of: name) == nil)
    }

    private func made(under kind: String) async throws -> RepositoryName {
        guard kind != "AES256" else { return name }
        let key = try keys.key("alias/mine", in: KeyPlace(account: "123456789012", region: "us-east-1")).arn
        let name = try repository("under-kms")
        let encryption: RepositoryEncryption = kind == "KMS" ? .kms(key: key) : .kmsDualLayer(key: key)
        _ = try await registry.createRepository(name, under: AdoptedKey(encryption: encryption, grant: nil))
        return name
    }

    // MARK: Reading

    /// All of a blob as a pull gets it; nil when it is refused or breaks off.
    private func whole(_ digest: Digest, of repository: RepositoryName? = nil) async throws -> [UInt8]? {
        do {
            let open = try await registry.openLayer(digest, in: repository ?? name)
            let content = try await open.whole()
            defer { content.close() }
            var bytes: [UInt8] = []
            while Int64(bytes.count) < open.layer.size {
                bytes += try await content.read(at: Int64(bytes.count), count: 10_000).readableBytesView
            }
            return bytes
        } catch is RegistryError {
        } catch is BlobStoreError {
        } catch is ObjectDamage {
        } catch is KeyFailure {
        }
        return nil
    }

    /// What of a blob is given out before it is refused; nil when nothing is opened.
    private func prefix(_ digest: Digest, of repository: RepositoryName) async throws -> [UInt8]? {
        var bytes: [UInt8] = []
        do {
            let open = try await registry.openLayer(digest, in: repository)
            defer { open.content.close() }
            while Int64(bytes.count) < open.layer.size {
                bytes += try await open.content.read(at: Int64(bytes.count), count: 10_000).readableBytesView
            }
        } catch is RegistryError {
            return nil
        } catch is BlobStoreError {
        }
        return bytes
    }

    private func stored() throws -> [(path: String, bytes: [UInt8])] {
        let root = installation.folder.file("store/blobs")
        let found = try #require(FileManager.default.enumerator(atPath: root))
        return try found.compactMap { $0 as? String }.map { root + "/" + $0 }.filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
        }.map { ($0, Array(try Data(contentsOf: URL(filePath: $0)))) }
    }
}
