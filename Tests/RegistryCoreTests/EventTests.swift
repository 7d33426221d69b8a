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

    @Test func whereNobodyWantsThemNoneAreWritten() async throws {
        let quiet = try TestInstallation()
        _ = try await quiet.registry.createRepository(app)
        try await quiet.registry.push(TestImage.image(seed: 1), to: app)
        #expect(!quiet.recording.statements.contains { $0.pieces[0].contains("INTO events") })
    }

    @Test func aPushCostsOneStatementMore() async throws {
        let image = TestImage.image(seed: 1)
        func statements(_ events: Set<EventDestination>) async throws -> Int {
            let installation = try TestInstallation(events: events)
            _ = try await installation.registry.createRepository(app)
            let before = installation.recording.statements.count
            try await installation.registry.push(image, to: app, tags: [try tag("v1")])
            return installation.recording.statements.count - before
        }
        let (noted, quiet) = (try await statements([.file, .webhook]), try await statements([]))
        #expect(noted == quiet + 1)
    }
}
