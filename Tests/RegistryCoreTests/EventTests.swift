import Foundation
import OCI
import Stores
import TestSupport
import Testing

@testable import RegistryCore

/// Which changes write which events, and how they look.
@Suite struct EventTests {
    let installation: TestInstallation
    let registry: Registry
    let app: RepositoryName

    init() async throws {
        installation = try TestInstallation(events: [.file])
        registry = installation.registry
        app = try repository("app")
        _ = try await registry.createRepository(app)
    }

    private func events() async throws -> [PendingEvent] { try await installation.services.pendingEvents(for: .file, limit: 100) }

    /// `PUSH v1 sha256:…` of each event that waits.
    private func summaries() async throws -> [String] {
        try await events().map { event in
            let object = try JSONSerialization.jsonObject(with: Data(event.body.utf8)) as? [String: Any]
            let detail = object?["detail"] as? [String: String] ?? [:]
            return "\(object?["detail-type"] ?? "") \(detail["action-type"] ?? "") \(detail["image-tag"] ?? "-") \(detail["image-digest"] ?? "")"
        }
    }

    @Test func aPushLooksAsOnEventBridge() async throws {
        let image = TestImage.image(seed: 1)
        try await registry.push(image, to: app, tags: [try tag("v1")])
        let body = try #require(try await events().first).body
        let id = try #require(body.firstMatch(of: #/"id":"([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})"/#)).1
        let time = Date(timeIntervalSince1970: Double(installation.clock.now.milliseconds / 1000)).formatted(.iso8601)
        #expect(
            body
                == #"{"version":"0","id":"\#(id)","detail-type":"ECR Image Action","source":"aws.ecr","account":"123456789012","time":"\#(time)","#
                + #""region":"us-east-1","resources":[],"detail":{"result":"SUCCESS","repository-name":"app","image-digest":"\#(image.digest)","#
                + #""action-type":"PUSH","image-tag":"v1"}}"#)
    }

    @Test func aReferrerTellsItsTypes() async throws {
        let image = TestImage.image(seed: 1)
        try await registry.push(image, to: app, tags: [try tag("v1")])
        let signature = TestImage.artifact("application/vnd.example.signature", of: image)
        try await registry.push(signature, to: app)
        let body = try #require(try await events().last).body
        #expect(body.contains(#""detail-type":"ECR Referrer Action""#))
        #expect(
            body.hasSuffix(
                #""image-digest":"\#(signature.digest)","action-type":"PUSH","manifest-media-type":"\#(signature.manifest.mediaType)","#
                    + #""artifact-media-type":"application/vnd.example.signature"}}"#))
    }

    @Test func allEventsOfAnImageTellItsTypeAsDescribeImagesDoes() async throws {
        let image = TestImage.image(seed: 1)
        let chart = TestImage.artifact("application/vnd.example.chart", of: image, config: MediaType("application/vnd.example.config"))
        try await registry.push(image, to: app)
        try await registry.push(chart, to: app)
        let identifier = ImageIdentifier(digest: chart.digest)
        _ = try await registry.setStorageClass(.archive, of: identifier, in: app)
        #expect(try await registry.describeImages([identifier], in: app).map(\.artifactMediaType) == ["application/vnd.example.config"])
        let told = try await events().dropFirst().map(\.body)
        #expect(told.count == 2 && told.allSatisfy { $0.contains(#""artifact-media-type":"application/vnd.example.config""#) }, "\(told)")
    }

    @Test func everyChangeOfATagAndOfAnImageIsOne() async throws {
        let (one, two) = (TestImage.image(seed: 1), TestImage.image(seed: 2))
        let (v1, v2) = (try tag("v1"), try tag("v2"))
        try await registry.push(one, to: app, tags: [v1])
        try await registry.push(one, to: app, tags: [v1])
        try await registry.push(one, to: app, tags: [v1, v2])
        try await registry.push(two, to: app)
        try await registry.push(two, to: app, tags: [v1])
        let (first, second) = (one.digest, two.digest)
        var expected = ["PUSH v1 \(first)", "PUSH v2 \(first)", "PUSH - \(second)", "PUSH v1 \(second)"]
        #expect(try await summaries() == expected.map { "ECR Image Action \($0)" }, "the same push twice changes nothing")

        _ = try await registry.deleteImages([ImageIdentifier(tag: v2)], in: app)
        try await registry.deleteManifest(.tag(v1), in: app)
        try await registry.deleteManifest(.digest(second), in: app)
        expected += ["DELETE v2 \(first)", "DELETE v1 \(second)", "DELETE - \(second)"]
        #expect(try await summaries() == expected.map { "ECR Image Action \($0)" })
    }

    @Test func whatIsRefusedHasNone() async throws {
        let stranger = TestImage.image(seed: 4)
        await #expect(throws: RegistryError.self) {
            _ = try await registry.putImage(NewImage(manifest: stranger.manifest, tags: [try tag("v1")]), in: app)
        }
        _ = try await registry.putTagMutability(TagMutability(mode: .immutable), of: app)
        try await registry.push(TestImage.image(seed: 1), to: app, tags: [try tag("v1")])
        await #expect(throws: RegistryError.self) { try await registry.push(stranger, to: app, tags: [try tag("v1")]) }
        #expect(try await events().count == 1)
    }

    @Test func aStorageClassTellsItsTarget() async throws {
        let image = TestImage.image(seed: 1)
        try await registry.push(image, to: app)
        let (app, id, events) = (app, registry.id, installation.services.events)
        try await installation.services.database.write { transaction in
            let repository = try transaction.repository(app, in: id)
            guard let record = try transaction.image(ImageIdentifier(digest: image.digest), in: repository) else { return }
            try events.note(ImageEvent(.updateStorageClass("ARCHIVE", activatedAt: nil), record), in: repository, transaction)
            try events.note(
                ImageEvent(.updateStorageClass("STANDARD", activatedAt: Timestamp(milliseconds: 1_700_000_000_000)), record), in: repository,
                transaction)
        }
        let bodies = try await self.events().dropFirst().map(\.body)
        #expect(bodies.count == 2)
        #expect(bodies[0].contains(#""action-type":"UPDATE_STORAGE_CLASS","target-storage-class":"ARCHIVE","manifest-media-type":"#))
        #expect(bodies[1].contains(#""target-storage-class":"STANDARD","last-activated-at":"2023-11-14T22:13:20Z","manifest-media-type":"#))
    }

    @Test func whereNobodyWantsThemTheNewestAreKeptForWhoWill() async throws {
        var limits = Limits()
        limits.unclaimedEvents = 3
        let quiet = try TestInstallation(limits: limits)
        _ = try await quiet.registry.createRepository(app)
        for seed in 1...5 { try await quiet.registry.push(TestImage.image(seed: UInt64(seed)), to: app, tags: [try tag("v\(seed)")]) }
        #expect(try await quiet.services.pendingEvents(for: .file, limit: 100).isEmpty)
        #expect(try await quiet.services.dropOldEvents(limit: 1) == 1)
        #expect(try await quiet.services.dropOldEvents(limit: 100) == 1)
        #expect(try await quiet.services.dropOldEvents(limit: 100) == 0)
        #expect(try await quiet.services.claimEvents() == 0)

        let listening = RegistryServices(
            database: quiet.services.database, blobs: quiet.blobs, clock: quiet.clock, ids: quiet.ids, keys: quiet.keys, events: [.webhook],
            log: quiet.services.log)
        #expect(try await listening.claimEvents() == 3)
        #expect(try await listening.claimEvents() == 0)
        #expect(try await listening.pendingEvents(for: .file, limit: 100).isEmpty)
        let kept = try await listening.pendingEvents(for: .webhook, limit: 100)
        #expect(kept.map { $0.body.contains("v3") || $0.body.contains("v4") || $0.body.contains("v5") } == [true, true, true])
    }

    /// Deleted with its repository, an image has its events when its rows go, and before those of a new repository of the name.
    @Test func aDeletedRepositoryTellsOfEachImageBeforeItsNamesakeDoes() async throws {
        let image = TestImage.image(seed: 1)
        let index = TestImage.index(of: [image])
        try await registry.push(index, to: app, tags: [try tag("v1"), try tag("v2")])
        let before = try await summaries().count
        _ = try await registry.deleteRepository(app, force: true)
        _ = try await registry.createRepository(app)
        try await registry.push(TestImage.image(seed: 2), to: app, tags: [try tag("v1")])
        #expect(try await summaries().count == before, "the namesake waits")
        while try await installation.services.purgeDeletedRepositories(limit: 1) > 0 {}
        let told = try await summaries().dropFirst(before).map { $0.split(separator: " ")[3...4].joined(separator: " ") }
        #expect(told.sorted() == ["DELETE -", "DELETE v1", "DELETE v2", "PUSH v1"])
        #expect(try await events().allSatisfy { $0.body.contains(#""repository-name":"app""#) })
        // In the order of the repositories: the new one's event was noted first, and comes when the old one is done.
        let pushed = try #require(
            try await events().first { $0.body.contains("PUSH") && $0.body.contains(TestImage.image(seed: 2).digest.description) })
        #expect(try await events().filter { $0.repositoryID == pushed.repositoryID }.count == 1)
    }

    /// Whatever is told of an image is told in the transaction of its change: where an event cannot be noted, nothing changes.
    @Test func thereIsNoChangeWithoutItsEvent() async throws {
        let (image, signed) = (TestImage.image(seed: 1), TestImage.image(seed: 2))
        let signature = TestImage.artifact("application/vnd.example.signature", of: signed)
        let (v1, v2) = (try tag("v1"), try tag("v2"))
        try await registry.push(image, to: app, tags: [v1, v2])
        for blob in signed.blobs + signature.blobs { try await registry.push(blob, to: app) }
        try await installation.sqlite.write {
            try $0.execute("CREATE TRIGGER no_events BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'no event'); END")
        }
        let before = try await registry.describeImages(in: app, .any, after: nil, limit: 10).elements
        let changes: [@Sendable () async throws -> Void] = [
            { [registry, app] in _ = try await registry.putImage(NewImage(manifest: signed.manifest, tags: [v1]), in: app) },
            { [registry, app] in _ = try await registry.putImage(NewImage(manifest: signature.manifest, tags: []), in: app) },
            { [registry, app] in _ = try await registry.deleteImages([ImageIdentifier(tag: v1)], in: app) },
            { [registry, app] in _ = try await registry.deleteImages([ImageIdentifier(digest: image.digest)], in: app) },
            { [registry, app] in try await registry.deleteManifest(.tag(v2), in: app) },
            { [registry, app] in _ = try await registry.setStorageClass(.archive, of: ImageIdentifier(tag: v1), in: app) },
        ]
        for (number, change) in changes.enumerated() {
            await #expect(throws: DatabaseError.self, "change \(number)") { try await change() }
            #expect(try await registry.describeImages(in: app, .any, after: nil, limit: 10).elements == before, "change \(number)")
        }
        try await installation.sqlite.write { try $0.execute("DROP TRIGGER no_events") }
        for change in changes.prefix(1) { try await change() }
        #expect(try await summaries().last?.contains("PUSH v1 \(signed.digest)") == true)
    }

    @Test func anUpdateOfTheStorageClassTellsOfAllThatGoAlong() async throws {
        let image = TestImage.image(seed: 1)
        let index = TestImage.index(of: [image])
        let signature = TestImage.artifact("application/vnd.example.signature", of: index)
        try await registry.push(index, to: app, tags: [try tag("v1")])
        try await registry.push(signature, to: app)
        let before = try await summaries().count
        _ = try await registry.setStorageClass(.archive, of: ImageIdentifier(tag: try tag("v1")), in: app)
        _ = try await registry.setStorageClass(.standard, of: ImageIdentifier(tag: try tag("v1")), in: app)
        let bodies = try await events().dropFirst(before).map(\.body)
        #expect(bodies.count == 6)
        for digest in [index.digest, image.digest, signature.digest] {
            let own = bodies.filter { $0.contains("\"image-digest\":\"\(digest)\"") }
            #expect(own.map { $0.contains(#""target-storage-class":"ARCHIVE""#) } == [true, false])
            #expect(own.last?.contains(#""target-storage-class":"STANDARD","last-activated-at":"#) == true)
        }
    }
}
