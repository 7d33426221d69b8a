import OCI
import RegistryCore
import Stores
import Synchronization
import TestSupport
import Testing

/// The scrub: every blob is read, what is damaged is found in one pass and put in quarantine.
@Suite struct ScrubTests {
    @Test func oneLookAtEveryBlobFindsAllDamage() async throws {
        let world = try await DamagedBlobs(verifiedFor: nil)
        var digests: [Digest] = []
        for seed in UInt64(0)..<12 { digests.append(try await world.push(DamagedBlobs.content(seed, size: 1000 + Int(seed) * 100_000))) }
        for (digest, kind) in zip(digests, DamagedBlobs.Kind.allCases) { try await world.damage(digest, kind) }
        let report = try await world.services.scrubBlobs(upTo: .max)
        #expect(report.blobs == 12)
        #expect(report.damage.map(\.invariant) == ["I2", "I2", "I2"])
        #expect(try await world.services.scrubBlobs(upTo: .max).isPassOver)
        #expect(try await world.services.damagedBlobs() == 3)
        for digest in digests.prefix(3) {
            await #expect(throws: RegistryError.self) { try await world.registry.openLayer(digest, in: world.name) }
        }
        for digest in digests.dropFirst(3) { #expect(try await !world.pull(digest).isBroken) }

        _ = try await world.push(DamagedBlobs.content(0, size: 1000))
        #expect(try await world.services.damagedBlobs() == 2)
    }

    @Test func itGoesOnWhereItStoppedAndBeginsAgainAfterAWeek() async throws {
        let world = try await DamagedBlobs()
        for seed in UInt64(0)..<5 { _ = try await world.push(DamagedBlobs.content(seed, size: 1000)) }
        // Each call is as after a restart: nothing is kept in memory.
        #expect(try await world.services.scrubBlobs(upTo: 1500).bytes == 2000)
        #expect(try await world.services.scrubBlobs(upTo: 1500).bytes == 2000)
        #expect(try await world.services.scrubBlobs(upTo: 1500).bytes == 1000)
        for _ in 0..<3 {
            let idle = try await world.services.scrubBlobs(upTo: 1500)
            #expect(idle.isPassOver && idle.blobs == 0)
        }
        world.installation.clock.advance(by: .seconds(7 * 24 * 3600 - 1))
        #expect(try await world.services.scrubBlobs(upTo: 1500).isPassOver)
        world.installation.clock.advance(by: .seconds(1))
        #expect(try await world.services.scrubBlobs(upTo: .max).bytes == 5000)
    }

    @Test func aPassThatIsBrokenOffIsNotLost() async throws {
        let world = try await DamagedBlobs()
        for seed in UInt64(0)..<3 { _ = try await world.push(DamagedBlobs.content(seed, size: 1000)) }
        await #expect(throws: CancellationError.self) { try await world.services.scrubBlobs(upTo: .max) { _ in throw CancellationError() } }
        #expect(try await world.services.scrubBlobs(upTo: .max).bytes == 3000)
    }

    @Test func everyPieceIsTold() async throws {
        let world = try await DamagedBlobs()
        _ = try await world.push(DamagedBlobs.content(1, size: 3 << 20))
        let pieces = Mutex<[Int64]>([])
        _ = try await world.services.scrubBlobs(upTo: .max) { piece in pieces.withLock { $0.append(piece) } }
        #expect(pieces.withLock { $0 } == [1 << 20, 1 << 20, 1 << 20])
    }

    @Test func aBlobThatIsDeletedMeanwhileIsNoDamage() async throws {
        let world = try await DamagedBlobs()
        let digest = try await world.push(DamagedBlobs.content(1, size: 1000))
        let last = try await world.push(DamagedBlobs.content(2, size: 1000))
        try await world.damage(last, .removed)
        let report = try await world.services.scrubBlobs(upTo: .max) { _ in
            // While the first is read, the second goes as the collector takes it.
            try await world.services.database.write { transaction in
                try transaction.execute("DELETE FROM repo_blobs WHERE blob_id = (SELECT id FROM blobs WHERE digest = \(last.bytes))")
                try transaction.execute("DELETE FROM blobs WHERE digest = \(last.bytes)")
            }
        }
        #expect(report.blobs == 2 && report.damage.isEmpty)
        #expect(try await !world.pull(digest).isBroken)
    }
}
