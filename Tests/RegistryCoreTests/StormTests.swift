import Foundation
import OCI
import RegistryCore
import Stores
import Synchronization
import TestSupport
import Testing

/// Pushes, mounts, deletions and the collector at the same time, over few digests and with a lease of 50 milliseconds. Every promise to a
/// pusher is kept, every reference holds, and nothing is left behind. `BERTH_STORM_SECONDS` makes it longer (`docs/reliability.md`).
@Suite struct StormTests {
    /// How long it takes; when not said, until each pusher has done some rounds.
    private static let seconds = ProcessInfo.processInfo.environment["BERTH_STORM_SECONDS"].flatMap { Double($0) }
    private static let rounds = 120
    private static let pushers = seconds == nil ? 6 : 32
    private static let config = Array(#"{"architecture":"amd64","os":"linux"}"#.utf8)

    let installation: TestInstallation
    let registry: Registry
    let names: [RepositoryName]
    private let tally = Tally()

    init() async throws {
        var limits = Limits()
        limits.blobLease = .milliseconds(50)
        installation = try TestInstallation(limits: limits)
        registry = installation.registry
        names = try ["one", "two"].map { try repository($0) }
        for name in names { _ = try await registry.createRepository(name) }
    }

    @Test func theCollectorTakesNothingThatIsWanted() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<Self.pushers { group.addTask { try await push(seed: UInt64(number)) } }
            for _ in 0..<2 {
                group.addTask {
                    while !tally.isOver.load(ordering: .acquiring), !Task.isCancelled {
                        try await collect()
                        await Task.yield()
                    }
                }
            }
            for _ in 0..<Self.pushers { try await group.next() }
            tally.isOver.store(true, ordering: .releasing)
            try await group.waitForAll()
        }
        #expect(tally.pushed.load(ordering: .relaxed) > Self.rounds)
        let during = installation.blobs.count(.delete)
        #expect(try await installation.services.check(CheckOptions(reading: .all)).damage == [])

        for name in names { _ = try await registry.deleteRepository(name, force: true) }
        while try await installation.services.purgeDeletedRepositories(limit: 100) > 0 {}
        installation.clock.advance(by: .seconds(3 * 24 * 3600))
        _ = try await installation.services.expireUploads(limit: 1_000_000)
        while try await installation.services.reclaimBlobs(limit: 100) > 0 {}
        while try await installation.services.reapObjects(limit: 100) > 0 {}
        let report = try await installation.services.check()
        #expect(report.isClean && report.blobs == 0 && report.orphans == [], "\(report)")
        let reclaimed = installation.blobs.count(.delete)
        #expect(reclaimed > Self.rounds / 2)
        if let seconds = Self.seconds, seconds >= 60 { #expect(reclaimed >= 5000) }
        print(
            "storm: \(tally.pushed.load(ordering: .relaxed)) pushes, \(tally.late.load(ordering: .relaxed)) too late, \(reclaimed) objects reclaimed,"
                + " \(during) of them during the storm")
    }

    private func collect() async throws {
        _ = try await installation.services.reclaimBlobs(limit: 20)
        _ = try await installation.services.reapObjects(limit: 20)
    }

    private func push(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let end = Self.seconds.map { ContinuousClock.now + .seconds($0) }
        var round = 0
        while end.map({ .now < $0 }) ?? (round < Self.rounds) {
            round += 1
            installation.clock.advance(by: .milliseconds(Int64.random(in: 0..<600 / Int64(Self.pushers), using: &random)))
            let (content, name) = (UInt8.random(in: 0..<48, using: &random), Bool.random(using: &random) ? names[0] : names[1])
            let manifest = try imageManifest(config: Self.config, layers: [[content]])
            let digest = Digest.of(manifest.payload)
            if Bool.random(using: &random) {
                _ = try await registry.deleteImages([ImageIdentifier(digest: digest)], in: name)
                continue
            }
            // From here on, what is found, mounted or uploaded is promised for half of the lease.
            let promise = installation.clock.now + registry.limits.blobLease / 2
            for blob in [Self.config, [content]] { try await provide(blob, in: name) }
            do {
                _ = try await registry.putImage(NewImage(manifest: manifest, tags: []), in: name)
                tally.pushed.add(1, ordering: .relaxed)
            } catch RegistryError.layersMissing(let missing, _, _) {
                tally.late.add(1, ordering: .relaxed)
                #expect(installation.clock.now >= promise, "\(missing) went before its time")
            }
        }
    }

    /// As docker does it: asks, mounts, uploads.
    private func provide(_ blob: [UInt8], in name: RepositoryName) async throws {
        let digest = Digest.of(blob)
        if try await !registry.findLayers([digest], in: name, reserving: true).isEmpty { return }
        let other = name == names[0] ? names[1] : names[0]
        if try await registry.mountLayer(digest, from: other, into: name) { return }
        try await registry.push(blob, to: name)
    }
}

/// What happened, counted.
private final class Tally: Sendable {
    let isOver = Atomic<Bool>(false)
    let pushed = Atomic<Int>(0)
    /// Pushes that came too late for what they had been promised.
    let late = Atomic<Int>(0)
}
