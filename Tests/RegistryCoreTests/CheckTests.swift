import Foundation
import NIOCore
import OCI
import RegistryCore
import Stores
import Synchronization
import TestSupport
import Testing

/// Every invariant that `berth fsck` checks, broken by hand.
@Suite struct CheckTests {
    let installation: TestInstallation
    let registry: Registry
    let name: RepositoryName
    var services: RegistryServices { installation.services }

    init() async throws {
        // What is encrypted is in EncryptionTests.
        installation = try TestInstallation(encryptsAtRest: false)
        registry = installation.registry
        name = try repository("app")
        _ = try await registry.createRepository(name)
    }

    /// What nobody can write through Berth: foreign keys are off here.
    private func damage(_ statement: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [
            "-c",
            "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); changed = db.execute(sys.argv[2]).rowcount; db.commit(); sys.exit(changed != 1)",
            installation.folder.file("berth.sqlite"), statement,
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(statement) changes one row")
    }

    @Test(arguments: [
        ("I1", "DELETE FROM repo_blobs WHERE blob_id = (SELECT MIN(blob_id) FROM manifest_blobs)", "which its repository does not hold"),
        ("I1", "DELETE FROM manifests WHERE id = (SELECT child_id FROM manifest_children)", "which is not there"),
        ("I1", "UPDATE repo_blobs SET blob_id = 1 WHERE blob_id NOT IN (SELECT blob_id FROM manifest_blobs)", "holds blob 1, which is not there"),
        ("I2", "UPDATE blobs SET size = size + 1 WHERE id = (SELECT MIN(id) FROM blobs)", "bytes instead of"),
        ("I2", "UPDATE blobs SET object_key = 'gone' WHERE id = (SELECT MIN(id) FROM blobs)", "is missing (object gone)"),
        ("I2", "UPDATE blobs SET digest = zeroblob(32) WHERE id = (SELECT MIN(id) FROM blobs)", "has other bytes than its digest says"),
        ("I3", "INSERT INTO tombstones (object_key, delete_after) SELECT object_key, 0 FROM blobs LIMIT 1", "is to be deleted"),
        ("I3", "INSERT INTO tombstones (object_key, delete_after) SELECT object_key, 0 FROM uploads WHERE state = 0", "is to be deleted"),
        (
            "I3", "UPDATE blobs SET object_key = (SELECT object_key FROM uploads WHERE state = 0) WHERE id = (SELECT MIN(id) FROM blobs)",
            "is that of blob"
        ),
        ("I4", "UPDATE manifests SET tag_count = 7 WHERE tag_count = 1", "has another number of tags than 7"),
        ("I4", "UPDATE tags SET manifest_id = 1", "tag latest of repository"),
        ("I5", "UPDATE manifest_bytes SET payload = 'x' WHERE manifest_id = (SELECT MIN(manifest_id) FROM manifest_bytes)", "of its digest"),
        ("I5", "UPDATE manifests SET media_type = 'application/x' WHERE id = (SELECT MIN(id) FROM manifests)", "but is stored as application/x"),
        ("I6", "UPDATE uploads SET off = off + 1 WHERE state = 0", "has a hash state of another offset"),
        ("I6", "UPDATE uploads SET object_key = 'gone' WHERE state = 0", "has fewer than 3 bytes"),
    ])
    func everyInvariantIsChecked(_ invariant: String, _ statement: String, _ finding: String) async throws {
        let latest = try tag("latest")
        try await registry.push(TestImage.index(of: [TestImage.image(seed: 1)]), to: name, tags: [latest])
        try await registry.push([9, 9], to: name)
        let upload = try await registry.startUpload(in: name)
        _ = try await registry.append(.stream(stream(of: [1, 2, 3]), from: nil), to: upload.id, in: name)
        #expect(try await services.check(CheckOptions(reading: .all)).isClean)

        try damage(statement)
        let report = try await services.check(CheckOptions(reading: .all))
        #expect(report.damage.contains { $0.invariant == invariant && $0.finding.contains(finding) }, "\(report.damage)")
    }

    @Test(arguments: [false, true])
    func theBytesOfAnUploadAreThoseOfItsHashState(_ encrypts: Bool) async throws {
        let installation = try TestInstallation(encryptsAtRest: encrypts)
        _ = try await installation.registry.createRepository(name)
        let upload = try await installation.registry.startUpload(in: name)
        // Beyond one chunk of what is encrypted, so that some of it is in a file.
        let content = [UInt8](repeating: 5, count: 100_000)
        _ = try await installation.registry.append(.stream(stream(of: content), from: nil), to: upload.id, in: name)
        let services = installation.services
        #expect(try await services.check(CheckOptions(reading: .all)).isClean)

        let folder = installation.folder.file("store/uploads")
        let names = try #require(FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String })
        let files = names.map { folder + "/" + $0 }.filter { FileManager.default.contents(atPath: $0)?.isEmpty == false }
        for file in files {
            var bytes = try #require(FileManager.default.contents(atPath: file))
            bytes[1000] ^= 1
            try Data(bytes).write(to: URL(filePath: file))
        }
        #expect(files.count == 1)
        #expect(try await services.check().isClean, "the structure is as it should be")
        let found = try await services.check(CheckOptions(reading: .all)).damage
        #expect(found.map(\.finding) == ["upload \(upload.id) has other bytes than its hash state is of"])
    }

    @Test func slicesTogetherReadEveryBlobOnce() async throws {
        for content in UInt8(0)..<20 { try await registry.push([content, content], to: name) }
        var read: Int64 = 0
        for number in 1...3 {
            let slice = try #require(DataSlice("\(number)/3"))
            read += try await services.check(CheckOptions(reading: slice)).bytesRead
        }
        #expect(read == 40)
    }

    @Test(arguments: ["", "1", "0/2", "3/2", "1/0", "1/2/3", "-1/2", "1/20000", "a/b", "/", "1/"])
    func textsThatAreNoSlice(_ text: String) { #expect(DataSlice(text) == nil) }

    @Test func anUploadThatCannotBeReadIsToldWithTheRest() async throws {
        let upload = try await registry.startUpload(in: name)
        _ = try await registry.append(.stream(stream(of: [1, 2, 3]), from: nil), to: upload.id, in: name)
        installation.blobs.failNext(.openUpload)
        let damage = try await services.check().damage
        #expect(damage.map(\.invariant) == ["I6"] && damage[0].finding.contains("cannot be read: injected"))
        #expect(try await services.check().isClean)
    }

    @Test func progressEndsAtItsTotals() async throws {
        try await registry.push(TestImage.image(seed: 1, layers: [3 << 20]), to: name)
        let heard = Heard()
        let report = try await services.check(CheckOptions(reading: .all)) { heard.add($0) }
        for progress in heard.all { #expect(progress.done <= progress.total, "\(progress)") }
        let last = Dictionary(heard.all.map { ($0.subject, $0) }) { $1 }
        #expect(last[.data]?.done == report.bytesRead && last[.data]?.total == report.bytesRead)
        #expect(heard.all.filter { $0.subject == .data }.count >= 3, "a large blob is heard of while it is read")
        #expect(Set(last.keys) == [.references, .manifests, .blobs, .data, .uploads, .objects])
    }

    @Test(arguments: [Fault.Call.size, .open])
    func aBlobThatCannotBeOpenedIsDamageAndTheRestIsChecked(_ call: Fault.Call) async throws {
        let digests = [try await registry.push([1], to: name), try await registry.push([2], to: name)]
        try damage("UPDATE blobs SET size = size + 1 WHERE id = (SELECT MAX(id) FROM blobs)")
        installation.blobs.failNext(call)
        let report = try await services.check(CheckOptions(reading: .all, quarantining: true))
        let findings = report.damage.filter { $0.invariant == "I2" }.map(\.finding)
        #expect(findings.count == 2 && report.blobs == 2)
        #expect(findings.first?.hasPrefix("blob \(digests[0]) cannot be read: injected") == true)
        #expect(report.quarantined == [digests[1]], "a store that does not answer is no reason for quarantine")
    }

    @Test func aDamagedBlobIsQuarantinedAndHealedByAPush() async throws {
        let content = [UInt8](repeating: 7, count: 100)
        let image = try await registry.pushImage(layers: [content], tags: [try tag("latest")], to: name)
        let digest = Digest.of(content)
        let key = try await object(of: digest)
        try await overwrite(key, with: [UInt8](repeating: 8, count: 100))

        #expect(try await services.check().isClean, "the structure is as it should be")
        let found = try await services.check(CheckOptions(reading: .all))
        #expect(found.damage.map(\.finding) == ["blob \(digest) has other bytes than its digest says (object \(key))"])
        #expect(found.quarantined.isEmpty)
        let report = try await services.check(CheckOptions(reading: .all, quarantining: true))
        #expect(report.quarantined == [digest])

        await #expect(throws: RegistryError.layerNotFound(digest, name, registry: registry.id)) { try await registry.openLayer(digest, in: name) }
        #expect(try await registry.findLayers([digest], in: name, reserving: true).isEmpty, "a pusher sends it again")
        #expect(try await services.blobs.size(of: key) == 100, "the evidence is kept")
        let later = try await services.check()
        #expect(later.damage.map(\.finding) == ["blob \(digest) is in quarantine; push it again (object \(key))"])

        try await registry.push(content, to: name)
        #expect(try await registry.pull(digest, from: name) == content)
        while try await services.reapObjects(limit: 10) > 0 {}
        let healed = try await services.check(CheckOptions(reading: .all))
        #expect(healed.isClean && healed.orphans.isEmpty)
        #expect(try await registry.image(ImageIdentifier(digest: image.digest), in: name).digest == image.digest)
    }

    private func object(of digest: Digest) async throws -> ObjectKey {
        let key = try await services.database.read { transaction in
            try transaction.first("SELECT object_key FROM blobs WHERE digest = \(digest.bytes)") { $0.text(0) }
        }
        return try #require(key.flatMap { ObjectKey($0) })
    }

    /// As a bad disk would: past the store, which keeps small objects in memory.
    private func overwrite(_ key: ObjectKey, with bytes: [UInt8]) async throws {
        try Data(bytes).write(to: URL(filePath: installation.folder.file("store/blobs/\(key)")))
    }
}

/// Collects what a check tells of its progress.
private final class Heard: Sendable {
    private let list = Mutex<[CheckProgress]>([])

    var all: [CheckProgress] { list.withLock { $0 } }

    func add(_ progress: CheckProgress) { list.withLock { $0.append(progress) } }
}
