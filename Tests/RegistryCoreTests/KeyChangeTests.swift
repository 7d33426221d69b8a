import Foundation
import NIOCore
import OCI
import Stores
import TestSupport
import Testing

@testable import RegistryCore

/// A repository gets another key while it is pulled from and pushed to.
@Suite struct KeyChangeTests {
    private let installation: TestInstallation
    private let keys = InMemoryDataKeys()
    private let name: RepositoryName
    private let neighbour: RepositoryName
    private var registry: Registry { installation.registry }
    private var services: RegistryServices { installation.services }

    init() throws {
        installation = try TestInstallation(dataKeys: keys)
        name = try repository("app")
        neighbour = try repository("neighbour")
    }

    private func content(_ seed: Int, _ lines: Int = 8_000) -> [UInt8] { Array((0..<lines).map { "medlar \(seed) \($0)\n" }.joined().utf8) }

    private func key(_ alias: String) throws -> String { try keys.key(alias, in: KeyPlace(account: "123456789012", region: "us-east-1")).arn }

    /// `AES256`, or a kind and the alias of a key.
    private func request(_ text: String) throws -> EncryptionRequest {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 2 else { return .aes256 }
        return .kms(key: try key("alias/" + parts[1]), isDualLayer: parts[0] == "KMS_DSSE")
    }

    private func make(_ name: RepositoryName, under text: String) async throws {
        let request = try request(text)
        let adopted = AdoptedKey(
            encryption: request.encryption(under: request.key),
            grant: try request.key.map { try keys.createGrant(on: $0, for: registry.id.encryptionContext(of: name), name: "x") })
        _ = try await registry.createRepository(name, under: adopted)
    }

    /// Moves all there is; what is left.
    private func move(_ name: RepositoryName) async throws -> KeyChange {
        var next: MovePosition? = .uploads
        while let position = next { next = try await registry.moveContent(of: name, from: position, upTo: 100_000).next }
        return try await registry.finishKeyChange(of: name)
    }

    @Test(arguments: [
        ("AES256", "KMS one"), ("KMS one", "KMS two"), ("KMS one", "KMS_DSSE one"), ("KMS_DSSE one", "AES256"), ("AES256", "AES256"),
        ("KMS one", "KMS one"), ("AES256", "KMS_DSSE two"),
    ])
    func aRepositoryGetsAnotherKey(_ from: String, _ to: String) async throws {
        for name in [name, neighbour] { try await make(name, under: from) }
        let (shared, own) = (content(1), content(2))
        let image = try await registry.pushImage(layers: [shared, own], tags: [try tag("v1")], to: name)
        #expect(try await registry.mountLayer(Digest.of(shared), from: name, into: neighbour))
        let upload = try await registry.startUpload(in: name)
        _ = try await registry.append(.stream(stream(of: Array(content(3).prefix(50_000))), from: 0), to: upload.id, in: name)
        let idle = try await registry.startUpload(in: name)
        let open = try await registry.openLayer(Digest.of(shared), in: name)
        defer { open.content.close() }
        let usage = try await registry.usage(of: name)
        let (grants, files) = (keys.grants, try objects())

        try await registry.changeKey(of: name, to: try request(to))
        let begun = try await registry.keyChange(of: name)
        #expect(begun.isUnderWay && begun.blobs == 3 && begun.manifests == 1 && begun.uploads == 2 && begun.bytes > 200_000)
        // Between the keys everything goes on.
        #expect(try await registry.pull(Digest.of(shared), from: name) == shared)
        try await registry.pushImage(layers: [shared, content(4)], tags: [try tag("v2")], to: name)
        #expect(try await registry.image(ImageIdentifier(digest: image.digest), in: name).digest == image.digest)
        #expect(try await services.check(CheckOptions(reading: .all)).isClean)

        let moved = try await move(name)
        #expect(!moved.isUnderWay && moved.isMoved)
        let repository = try await registry.repository(name)
        #expect(repository.encryption == (try request(to)).encryption(under: try request(to).key) && repository.former == nil)
        #expect(try objects().isDisjoint(with: files) == false, "the neighbour has its object still")

        // The former key has no part in it any more.
        let (old, new) = (try request(from).key, try request(to).key)
        if let old {
            #expect(keys.grants.intersection(grants).count == 1, "the neighbour's")
            if old != new { keys.set(old, .disabled) }
        }
        #expect(keys.grants.count == (old == nil ? 0 : 1) + (new == nil ? 0 : 1))
        for content in [shared, own, content(4)] { #expect(try await registry.pull(Digest.of(content), from: name) == content) }
        #expect(try await registry.image(ImageIdentifier(digest: image.digest), in: name).digest == image.digest)
        #expect(Array(try await open.content.read(at: 16_000, count: 40_000).readableBytesView) == Array(shared[16_000..<56_000]), "begun before")
        for (id, count) in [(upload.id, 50_000), (idle.id, 0)] {
            _ = try await registry.append(.stream(stream(of: Array(content(3).dropFirst(count))), from: Int64(count)), to: id, in: name)
            _ = try await registry.completeUpload(id, as: Digest.of(content(3)), in: name)
        }
        #expect(try await registry.pull(Digest.of(content(3)), from: name) == content(3))
        if let old { keys.set(old, .enabled) }
        #expect(try await registry.pull(Digest.of(shared), from: neighbour) == shared)
        #expect(try await services.check(CheckOptions(reading: .all)).isClean)

        // Nothing is counted twice, and nothing stays behind.
        #expect(try await registry.usage(of: name).bytes == usage.bytes + Int64(content(4).count))
        _ = try await registry.deleteImages(
            [ImageIdentifier(tag: try tag("v1")), ImageIdentifier(tag: try tag("v2"))], in: name)
        #expect(try await registry.usage(of: name) == Usage(images: 0, bytes: 0))
        installation.clock.advance(by: .seconds(9 * 24 * 3600))
        while try await services.reclaimBlobs(limit: 100) > 0 {}
        while try await services.reapObjects(limit: 100) > 0 {}
        let report = try await services.check(CheckOptions(reading: .all))
        #expect(report.isClean && report.orphans.isEmpty && report.blobs == 0, "\(report)")
    }

    /// Broken off after each step, and gone on with by another process.
    @Test func itGoesOnWhereItWasBrokenOff() async throws {
        try await make(name, under: "KMS one")
        for seed in 0..<5 { try await registry.pushImage(layers: [content(seed, 900)], tags: [try tag("v\(seed)")], to: name) }
        try await registry.changeKey(of: name, to: try request("KMS_DSSE two"))
        await #expect(throws: KeyChangeRefusal.underWay("KMS_DSSE", kmsKey: try key("alias/two"))) {
            try await registry.changeKey(of: name, to: .aes256)
        }
        var left: [Int64] = []
        while try await registry.keyChange(of: name).isUnderWay {
            let other = RegistryServices(
                database: services.database, blobs: installation.blobs, archive: services.archive, clock: installation.clock, ids: installation.ids,
                keys: installation.keys, dataKeys: keys, log: services.log)
            let registry = other.registry(registry.id)
            try await registry.changeKey(of: name, to: try request("KMS_DSSE two"))
            if left.isEmpty { _ = try await registry.moveContent(of: name, from: .manifests(after: 0), upTo: 1) }
            let step = try await registry.moveContent(of: name, from: .blobs(after: 0), upTo: 1)
            #expect(step.moved <= 1)
            left.append(try await registry.finishKeyChange(of: name).blobs)
            for seed in 0..<5 { #expect(try await registry.pull(Digest.of(content(seed, 900)), from: name) == content(seed, 900)) }
        }
        #expect(left == [5, 4, 3, 2, 1, 0])
        keys.set(try key("alias/one"), .disabled)
        #expect(try await services.check(CheckOptions(reading: .all)).isClean)
        #expect(keys.grants.count == 1)
    }

    /// While the former key is disabled nothing moves, and nothing is lost.
    @Test func aDisabledFormerKeyStopsTheMove() async throws {
        try await make(name, under: "KMS one")
        try await registry.pushImage(layers: [content(1)], tags: [try tag("v1")], to: name)
        try await registry.changeKey(of: name, to: .aes256)
        keys.set(try key("alias/one"), .disabled)
        await #expect(throws: KeyFailure.self) { try await move(name) }
        await #expect(throws: KeyFailure.self) { try await registry.pull(Digest.of(content(1)), from: name) }
        try await registry.push(content(2), to: name)
        #expect(try await registry.pull(Digest.of(content(2)), from: name) == content(2), "what is pushed is under the new one")
        keys.set(try key("alias/one"), .enabled)
        #expect(try await !move(name).isUnderWay)
        #expect(try await registry.pull(Digest.of(content(1)), from: name) == content(1))
    }

    /// A damaged blob holds the end back until a push heals it.
    @Test func aDamagedBlobIsLeftAndHealed() async throws {
        try await make(name, under: "AES256")
        let image = try await registry.pushImage(layers: [content(1)], tags: [try tag("v1")], to: name)
        let digest = Digest.of(content(1))
        let damaged = try await services.database.read { try $0.rows("SELECT object_key FROM blobs WHERE size > 1000") { $0.text(0) } }
        for key in damaged { try FileManager.default.removeItem(atPath: installation.folder.file("store/blobs/" + key)) }
        try await registry.changeKey(of: name, to: try request("KMS one"))
        await #expect(throws: RegistryError.layerNotFound(digest, name, registry: registry.id)) { try await registry.openLayer(digest, in: name) }
        let left = try await move(name)
        #expect(left.isUnderWay && left.blobs == 1 && left.damagedBlobs == 1 && left.manifests == 0)
        try await registry.push(content(1), to: name)
        #expect(try await !move(name).isUnderWay)
        #expect(try await registry.pull(digest, from: name) == content(1))
        #expect(try await registry.image(ImageIdentifier(digest: image.digest), in: name).digest == image.digest)
        // The damaged one is nobody's now, and in quarantine until the collector comes by.
        while try await services.reclaimBlobs(limit: 10) > 0 {}
        let damage = try await services.check(CheckOptions(reading: .all)).damage
        #expect(damage == [], "\(damage)")
    }

    /// What is in the archive moves within it.
    @Test func archivedImagesMoveInTheArchive() async throws {
        try await make(name, under: "AES256")
        let image = try await registry.pushImage(layers: [content(1)], tags: [try tag("v1")], to: name)
        _ = try await registry.setStorageClass(.archive, of: ImageIdentifier(digest: image.digest), in: name)
        installation.clock.advance(by: .seconds(9 * 24 * 3600))
        while try await services.archiveBlobs(limit: 10) > 0 {}
        #expect(try await archived() == 2)
        try await registry.changeKey(of: name, to: try request("KMS_DSSE one"))
        #expect(try await !move(name).isUnderWay)
        _ = try await services.reclaimBlobs(limit: 10)
        #expect(try await archived() == 2)
        #expect(try await services.check(CheckOptions(reading: .all)).isClean)
        _ = try await registry.setStorageClass(.standard, of: ImageIdentifier(digest: image.digest), in: name)
        #expect(try await services.activateImages(limit: 10) == 1)
        #expect(try await registry.pull(Digest.of(content(1)), from: name) == content(1))
    }

    /// A repository that is deleted in between takes both keys along.
    @Test func aDeletionInBetweenTakesBothKeysAlong() async throws {
        try await make(name, under: "KMS one")
        try await registry.pushImage(layers: [content(1)], tags: [try tag("v1")], to: name)
        try await registry.changeKey(of: name, to: try request("KMS two"))
        _ = try await registry.deleteRepository(name, force: true)
        _ = try await services.retireGrants(limit: 10)
        #expect(keys.grants.isEmpty)
        let left = try await services.database.read {
            try $0.first("SELECT COUNT(*) FROM repos WHERE sealed_key IS NOT NULL OR former_sealed_key IS NOT NULL") { $0.integer(0) }
        }
        #expect(left == 0)
    }

    private func archived() async throws -> Int64 { try await services.count("SELECT COUNT(*) FROM blobs WHERE state = 3") }

    private func objects() throws -> Set<String> {
        let root = installation.folder.file("store/blobs")
        let found = try #require(FileManager.default.enumerator(atPath: root))
        return Set(found.compactMap { $0 as? String })
    }
}
