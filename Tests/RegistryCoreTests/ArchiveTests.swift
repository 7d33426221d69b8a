import Foundation
import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

/// Images in the archive, and where their bytes are.
@Suite struct ArchiveTests {
    /// An installation with a repository, and an image in it of a layer that can be compressed and one that cannot.
    private struct Setup {
        let installation: TestInstallation
        let name: RepositoryName
        let image: PushedImage
        let layers: [[UInt8]]

        var registry: Registry { installation.registry }
        var services: RegistryServices { installation.services }

        init() async throws {
            installation = try TestInstallation(events: [.file])
            name = try repository("app")
            _ = try await installation.registry.createRepository(name)
            var random = SeededRandom(seed: 5)
            layers = [Array(repeating: 7, count: 3_000_000), random.bytes(2_500_000), []]
            image = try await installation.registry.pushImage(layers: layers, tags: [tag("v1")], to: name)
        }

        var identifier: ImageIdentifier { ImageIdentifier(digest: image.digest) }

        func archive() async throws {
            #expect(try await registry.setStorageClass(.archive, of: identifier, in: name).status == .archived)
        }

        /// A day later nobody's lease holds the layers any more.
        func move() async throws {
            installation.clock.advance(by: .seconds(25 * 3600))
            while try await services.archiveBlobs(limit: 1) > 0 {}
            installation.clock.advance(by: .seconds(61))
            _ = try await services.reapObjects(limit: 100)
        }

        func status() async throws -> ImageDetail { try #require(try await registry.describeImages([identifier], in: name).first) }

        /// The name of a layer's object, wherever it lies.
        func key(of layer: [UInt8]) async throws -> String {
            let digest = Digest.of(layer)
            return try #require(
                try await services.database.read { transaction in
                    try transaction.first("SELECT object_key FROM blobs WHERE digest = \(digest.bytes)") { $0.text(0) }
                })
        }

        /// Nothing waits for the reaper any more once it has been there.
        func expectNothingBuried() async throws {
            _ = try await services.reapObjects(limit: 100)
            #expect(try await services.reclaimStatus().buriedObjects == 0)
            #expect(unfinished() == [])
        }

        /// The files of objects that did not come to their end, in both stores.
        func unfinished() -> [String] {
            ["store", "archive"].flatMap { store in
                let uploads = installation.folder.file(store) + "/uploads"
                return (FileManager.default.enumerator(atPath: uploads)?.compactMap { $0 as? String } ?? []).filter { $0.contains("/") }
            }
        }

        /// How many events tell of damage.
        func damageEvents() async throws -> Int64 {
            try await services.database.read { try $0.first("SELECT COUNT(*) FROM events WHERE body LIKE '%Damage%'") { $0.integer(0) } } ?? 0
        }

        /// Files and bytes in a store.
        func contents(of store: any BlobStore) async throws -> (files: Int, bytes: Int64) {
            let sizes = SizeSum()
            try await store.list { _, size in sizes.add(size) }
            return sizes.sum
        }
    }

    @Test func anArchivedImageIsDescribedButNotServed() async throws {
        let setup = try await Setup()
        try await setup.archive()
        let detail = try await setup.status()
        #expect(detail.status == .archived && detail.archivedAt == setup.installation.clock.now && detail.activatedAt == nil)
        await #expect(throws: RegistryError.imageArchived(setup.identifier, setup.name, registry: setup.registry.id)) {
            try await setup.registry.image(setup.identifier, in: setup.name)
        }
        await #expect(throws: RegistryError.imageArchived(setup.identifier, setup.name, registry: setup.registry.id)) {
            try await setup.registry.imageStat(setup.identifier, in: setup.name)
        }
        #expect(try await setup.registry.images([setup.identifier], in: setup.name).map { $0?.status } == [.archived])
        for (status, count) in [(ImageStatus?.none, 1), (.active, 0), (.archived, 1), (.activating, 0)] {
            #expect(try await setup.registry.describeImages(in: setup.name, .any, status, after: nil, limit: 10).elements.count == count)
            #expect(try await setup.registry.listImages(in: setup.name, .any, status, after: nil, limit: 10).elements.count == count)
        }
    }

    @Test func theScrubReadsTheArchiveToo() async throws {
        let setup = try await Setup()
        try await setup.archive()
        try await setup.move()
        let report = try await setup.services.scrubBlobs(upTo: .max)
        #expect(report.blobs == 4 && report.bytes > 5_500_000 && report.damage.isEmpty, "\(report)")

        // As when the device of the archive is not mounted: what is not there may come back.
        let (folder, away) = (setup.installation.folder.file("archive/blobs"), setup.installation.folder.file("away"))
        try moveContents(of: folder, to: away)
        setup.installation.clock.advance(by: .seconds(8 * 24 * 3600))
        #expect(try await setup.services.scrubBlobs(upTo: .max).isPassOver)
        #expect(try await setup.services.scrubBlobs(upTo: .max).damage.count == 4)
        #expect(try await setup.services.check(CheckOptions(quarantining: true)).damage.count == 4)
        #expect(try await setup.services.damagedBlobs() == 0)
        try moveContents(of: away, to: folder)
        #expect(try await setup.services.check(CheckOptions(reading: .all)).isClean)
    }

    @Test func layersLeaveTheStoreCompressedAndComeBack() async throws {
        let setup = try await Setup()
        let archive = try #require(setup.services.archive)
        try await setup.archive()
        // Whoever pushed them may still name them for a day.
        while try await setup.services.archiveBlobs(limit: 1) > 0 {}
        #expect(try await setup.contents(of: archive).files == 0)
        try await setup.move()
        #expect(try await setup.contents(of: setup.services.blobs).files == 0)
        let archived = try await setup.contents(of: archive)
        #expect(archived.files == 4 && archived.bytes > 2_500_000 && archived.bytes < 2_600_000)
        let digests = setup.layers.map { Digest.of($0) }
        #expect(try await setup.registry.findLayers(digests, in: setup.name, reserving: true).isEmpty)
        #expect(try await setup.registry.archivedLayers(digests, in: setup.name) == Set(digests))
        await #expect(throws: RegistryError.layerNotFound(digests[0], setup.name, registry: setup.registry.id)) {
            try await setup.registry.openLayer(digests[0], in: setup.name)
        }
        await #expect(throws: RegistryError.layerArchived(digests[0])) { try await setup.registry.downloadToken(for: digests[0], in: setup.name) }
        let report = try await setup.services.check(CheckOptions(reading: .all))
        #expect(report.isClean && report.orphans.isEmpty && report.blobs == 4, "\(report)")

        #expect(try await setup.registry.setStorageClass(.standard, of: setup.identifier, in: setup.name).status == .activating)
        await #expect(throws: RegistryError.imageArchived(setup.identifier, setup.name, registry: setup.registry.id)) {
            try await setup.registry.image(setup.identifier, in: setup.name)
        }
        #expect(try await setup.services.activateImages(limit: 10) == 1)
        let detail = try await setup.status()
        #expect(detail.status == .active && detail.activatedAt == setup.installation.clock.now && detail.archivedAt != nil)
        for layer in setup.layers { #expect(try await setup.registry.pull(Digest.of(layer), from: setup.name) == layer) }
        setup.installation.clock.advance(by: .seconds(61))
        _ = try await setup.services.reapObjects(limit: 100)
        #expect(try await setup.contents(of: archive).files == 0)
        #expect(try await setup.services.check(CheckOptions(reading: .all)).isClean)
    }

    @Test func layersThatAnActiveImageNeedsStay() async throws {
        let setup = try await Setup()
        let other = try repository("other")
        _ = try await setup.registry.createRepository(other)
        try await setup.registry.pushImage(layers: [setup.layers[0]], tags: [], to: other)
        try await setup.archive()
        try await setup.move()
        // The layer and the config that both have.
        #expect(try await setup.contents(of: setup.services.blobs).files == 2)
        #expect(try await setup.registry.pull(Digest.of(setup.layers[0]), from: other) == setup.layers[0])
        #expect(try await setup.services.check(CheckOptions(reading: .all)).isClean)
        // When that goes, nobody needs them here.
        let image = try #require(try await setup.registry.describeImages(in: other, .any, after: nil, limit: 1).elements.first)
        _ = try await setup.registry.deleteImages([ImageIdentifier(digest: image.digest)], in: other)
        while try await setup.services.reclaimBlobs(limit: 10) > 0 {}
        try await setup.move()
        #expect(try await setup.contents(of: setup.services.blobs).files == 0)
        #expect(try await setup.services.check(CheckOptions(reading: .all)).isClean)
    }

    @Test func aPushOfTheSameImageRestoresIt() async throws {
        let setup = try await Setup()
        try await setup.archive()
        try await setup.move()
        let config = Array(#"{"architecture":"amd64","os":"linux"}"#.utf8)
        let manifest = try imageManifest(config: config, layers: setup.layers)
        await #expect(throws: RegistryError.self) { try await setup.registry.putImage(NewImage(manifest: manifest, tags: []), in: setup.name) }
        #expect(try await setup.status().status == .archived)
        let pushed = try await setup.registry.pushImage(layers: setup.layers, tags: [tag("v1")], to: setup.name)
        #expect(pushed.changed && pushed.digest == setup.image.digest)
        #expect(try await setup.status().status == .active)
        #expect(try await setup.registry.pull(Digest.of(setup.layers[1]), from: setup.name) == setup.layers[1])
        setup.installation.clock.advance(by: .seconds(61))
        _ = try await setup.services.reapObjects(limit: 100)
        let report = try await setup.services.check(CheckOptions(reading: .all))
        #expect(report.isClean && report.orphans.isEmpty, "\(report)")
        #expect(try await setup.contents(of: try #require(setup.services.archive)).files == 0)
    }

    @Test func anIndexTakesItsMembersAlongAndWhatRefersToThem() async throws {
        let installation = try TestInstallation()
        let (registry, name) = (installation.registry, try repository("app"))
        _ = try await registry.createRepository(name)
        let (first, second) = (TestImage.image(seed: 1), TestImage.image(seed: 2))
        let index = TestImage.index(of: [first, second])
        let signature = TestImage.artifact("application/vnd.example.signature", of: index)
        try await registry.push(index, to: name, tags: [tag("latest")])
        try await registry.push(second, to: name, tags: [tag("second")])
        try await registry.push(signature, to: name)
        func statuses() async throws -> [ImageStatus] {
            try await registry.describeImages([first, second, index, signature].map { ImageIdentifier(digest: $0.digest) }, in: name).map(\.status)
        }
        func set(_ target: StorageClass, _ image: TestImage) async throws -> ImageStatus {
            try await registry.setStorageClass(target, of: ImageIdentifier(digest: image.digest), in: name).status
        }
        func expectRefusal(_ target: StorageClass, _ image: TestImage, _ reason: String) async {
            let refusal = RegistryError.storageClassUpdateNotSupported(image.digest, name, reason: reason)
            await #expect(throws: refusal) { try await set(target, image) }
        }
        await expectRefusal(.archive, first, "it is referenced by the manifest list \(index.digest)")
        await expectRefusal(.standard, index, "it is active already")
        #expect(try await set(.archive, index) == .archived)
        // The member that has a tag is an image of its own.
        #expect(try await statuses() == [.archived, .active, .archived, .archived])
        await expectRefusal(.archive, index, "it is archived already")
        #expect(try await registry.referrers(of: index.digest, in: name, artifactTypes: [], after: nil, limit: 10).elements.isEmpty)
        await #expect(throws: RegistryError.imagesMissing([first.digest], name, registry: registry.id)) {
            try await registry.putImage(NewImage(manifest: TestImage.index(of: [first]).manifest, tags: []), in: name)
        }
        #expect(try await set(.standard, index) == .active)
        #expect(try await statuses() == [.active, .active, .active, .active])

        // A push of the index and its members is as good as a restore.
        #expect(try await set(.archive, index) == .archived)
        try await registry.push(index, to: name, tags: [tag("latest")])
        #expect(try await statuses() == [.active, .active, .active, .active])
    }

    @Test func aDamagedLayerGoesIntoQuarantineInsteadOfTheArchiveAndItsCopyAtOnce() async throws {
        let setup = try await Setup()
        try await setup.archive()
        setup.installation.clock.advance(by: .seconds(25 * 3600))
        let key = try await setup.key(of: setup.layers[0])
        let file = setup.installation.folder.file("store/blobs/\(key)")
        var bytes = try readFile(file)
        bytes[bytes.count - 1] ^= 1
        try writeFile(bytes[...], to: file)
        while try await setup.services.archiveBlobs(limit: 10) > 0 {}
        #expect(try await setup.services.damagedBlobs() == 1)
        // The other three are there; what was written of this one goes without a wait.
        setup.installation.clock.advance(by: .seconds(61))
        try await setup.expectNothingBuried()
        #expect(try await setup.contents(of: try #require(setup.services.archive)).files == 3)
        #expect(try await setup.services.check(CheckOptions(reading: .all)).damage.map(\.invariant) == ["I2"])
        try await setup.registry.pushImage(layers: setup.layers, tags: [tag("v1")], to: setup.name)
        #expect(try await setup.services.check(CheckOptions(reading: .all)).isClean)
        #expect(try await setup.services.check(CheckOptions(reading: .all)).orphans.isEmpty)
    }

    @Test(arguments: [BlobStoreError.failed("injected"), .full]) func aCopyThatBreaksOffLeavesNothingBehind(_ error: BlobStoreError) async throws {
        let setup = try await Setup()
        try await setup.archive()
        try await setup.move()
        _ = try await setup.registry.setStorageClass(.standard, of: setup.identifier, in: setup.name)
        for call in [Fault.Call.append, .write, .commit] {
            setup.installation.blobs.failNext(call, error: error)
            do {
                #expect(try await setup.services.activateImages(limit: 10) == 0 && error != .full)
            } catch {
                #expect(error as? BlobStoreError == .full)
            }
            // At once, and not when the copies that came through let their sources go.
            _ = try await setup.services.reapObjects(limit: 100)
            #expect(try await setup.services.check().orphans.isEmpty)
            #expect(setup.unfinished() == [])
            setup.installation.clock.advance(by: .seconds(61))
        }
        #expect(try await setup.services.activateImages(limit: 10) == 1)
        setup.installation.clock.advance(by: .seconds(61))
        try await setup.expectNothingBuried()
        #expect(try await setup.services.check(CheckOptions(reading: .all)).isClean)
    }

    @Test func anImageThatCannotComeBackDoesNotKeepOthersFromIt() async throws {
        let setup = try await Setup()
        let second = try await setup.registry.pushImage(layers: [[1, 2, 3]], tags: [tag("v2")], to: setup.name)
        try await setup.archive()
        let other = ImageIdentifier(digest: second.digest)
        _ = try await setup.registry.setStorageClass(.archive, of: other, in: setup.name)
        try await setup.move()
        let file = setup.installation.folder.file("archive/blobs/\(try await setup.key(of: setup.layers[1]))")
        let bytes = try readFile(file)
        try FileManager.default.removeItem(atPath: file)
        for image in [setup.identifier, other] { _ = try await setup.registry.setStorageClass(.standard, of: image, in: setup.name) }
        // One at a time: the first one lacks a layer, and makes way.
        #expect(try await setup.services.activateImages(limit: 1) == 0)
        #expect(try await setup.services.activateImages(limit: 1) == 1)
        #expect(try await setup.registry.describeImages([other], in: setup.name).map(\.status) == [.active])
        #expect(try await setup.status().status == .activating)
        for _ in 0..<3 {
            setup.installation.clock.advance(by: .seconds(61))
            #expect(try await setup.services.activateImages(limit: 1) == 0)
            try await setup.expectNothingBuried()
        }
        // As when the device is mounted again.
        try writeFile(bytes[...], to: file)
        setup.installation.clock.advance(by: .seconds(61))
        #expect(try await setup.services.activateImages(limit: 1) == 1)
        #expect(try await setup.services.check(CheckOptions(reading: .all)).isClean)
    }

    @Test func whatCannotEvenBeOpenedKeepsNobodyWaiting() async throws {
        let setup = try await Setup()
        let second = try await setup.registry.pushImage(layers: [[1, 2, 3]], tags: [tag("v2")], to: setup.name)
        let other = ImageIdentifier(digest: second.digest)
        for image in [setup.identifier, other] { _ = try await setup.registry.setStorageClass(.archive, of: image, in: setup.name) }
        try await setup.move()
        for image in [setup.identifier, other] { _ = try await setup.registry.setStorageClass(.standard, of: image, in: setup.name) }
        // The first one's first blob, and the second look at it.
        for number in [1, 2] { setup.installation.archive.fail(.open, at: number) }
        #expect(try await setup.services.activateImages(limit: 10) == 1)
        #expect(try await setup.status().status == .activating)
        #expect(try await setup.services.damagedBlobs() == 0)
        setup.installation.clock.advance(by: .seconds(61))
        #expect(try await setup.services.activateImages(limit: 10) == 1)
        #expect(try await setup.services.check(CheckOptions(reading: .all)).isClean)
    }

    @Test func damageInTheArchiveIsFoundAndHealedByAPush() async throws {
        let setup = try await Setup()
        try await setup.archive()
        try await setup.move()
        let digest = Digest.of(setup.layers[0])
        let file = setup.installation.folder.file("archive/blobs/\(try await setup.key(of: setup.layers[0]))")
        var bytes = try readFile(file)
        bytes[bytes.count / 2] ^= 0xff
        try writeFile(bytes[...], to: file)
        #expect(try await setup.services.check().isClean)
        #expect(try await setup.services.check(CheckOptions(reading: .all)).damage.map(\.invariant) == ["I2"])
        _ = try await setup.registry.setStorageClass(.standard, of: setup.identifier, in: setup.name)
        #expect(try await setup.services.activateImages(limit: 10) == 0)
        #expect(try await setup.status().status == .activating)
        #expect(try await setup.services.check().damage.map(\.invariant) == ["I2"])
        #expect(try await setup.damageEvents() == 1)
        try await setup.registry.push(setup.layers[0], to: setup.name)
        setup.installation.clock.advance(by: .seconds(61))
        #expect(try await setup.services.activateImages(limit: 10) == 1)
        #expect(try await setup.registry.pull(digest, from: setup.name) == setup.layers[0])
        #expect(try await setup.services.check(CheckOptions(reading: .all)).isClean)
    }
}
