import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

/// What is damaged is never given out as a whole, looks absent from then on, and is healed by a push.
@Suite struct VerifiedReadTests {
    private static let sizes = [100, 100_000, 1_000_000]

    @Test(arguments: DamagedBlobs.Kind.allCases, sizes)
    func aDamagedBlobIsNotGivenOutAndIsHealedByAPush(kind: DamagedBlobs.Kind, size: Int) async throws {
        let world = try await DamagedBlobs()
        let content = DamagedBlobs.content(1, size: size)
        let digest = try await world.push(content)
        try await world.damage(digest, kind)
        let absent = RegistryError.layerNotFound(digest, world.name, registry: world.registry.id)
        if kind == .flippedBit, size > 256 << 10 {
            let pulled = try await world.pull(digest)
            #expect(pulled.isBroken && pulled.bytes.count == 900_000, "the last piece is kept back")
        } else {
            await #expect(throws: absent) { try await world.pull(digest) }
        }
        await #expect(throws: absent) { try await world.registry.openLayer(digest, in: world.name) }
        #expect(try await world.registry.findLayers([digest], in: world.name, reserving: true).isEmpty, "a pusher sends it again")
        #expect(try await world.services.damagedBlobs() == 1)

        _ = try await world.push(content)
        #expect(try await world.pull(digest) == (content, false))
        #expect(try await world.services.damagedBlobs() == 0)
    }

    @Test(arguments: sizes)
    func aSoundBlobIsGivenOutAsItIs(size: Int) async throws {
        let world = try await DamagedBlobs()
        let content = DamagedBlobs.content(2, size: size)
        let digest = try await world.push(content)
        for piece in [1 << 20, 1 << 16, 999] { #expect(try await world.pull(digest, piece: piece) == (content, false)) }
    }

    /// Nobody has read it since its object went: nothing may be built on it all the same.
    @Test(arguments: [DamagedBlobs.Kind.removed, .cutOff], [true, false])
    func whatHasLostItsObjectIsPromisedToNobody(_ kind: DamagedBlobs.Kind, _ encrypts: Bool) async throws {
        let world = try await DamagedBlobs(encryptsAtRest: encrypts)
        let other = try repository("other")
        _ = try await world.registry.createRepository(other)
        var digests: [Digest] = []
        for seed in UInt64(1)...3 { digests.append(try await world.push(DamagedBlobs.content(seed, size: 1000))) }
        for digest in digests { try await world.damage(digest, kind) }

        #expect(try await world.registry.findLayers([digests[0]], in: world.name, reserving: true).isEmpty)
        #expect(try await !world.registry.mountLayer(digests[1], from: world.name, into: other))
        #expect(try await world.services.damagedBlobs() == 2)
        for (seed, digest) in zip(UInt64(1)..., digests) {
            let content = DamagedBlobs.content(seed, size: 1000)
            #expect(try await world.push(content) == digest)
            #expect(try await world.pull(digest) == (content, false))
        }
        #expect(try await world.services.damagedBlobs() == 0)
        #expect(try await world.services.check(CheckOptions(reading: .all)).isClean)
    }

    @Test func sha512IsVerifiedByItsOwnHash() async throws {
        let world = try await DamagedBlobs()
        let content = DamagedBlobs.content(3, size: 400_000)
        let digest = try await world.registry.push(content, by: .sha512, to: world.name)
        #expect(try await world.pull(digest) == (content, false))
        try await world.damage(digest, .flippedBit)
        #expect(try await world.pull(digest).isBroken)
    }

    /// Within the hour the kernel may send the file by itself, and again after it has been seen to be right.
    @Test func whatWasSeenToBeRightIsNotReadTwiceWithinTheHour() async throws {
        let world = try await DamagedBlobs(verifiedFor: .seconds(3600))
        let digest = try await world.push(DamagedBlobs.content(4, size: 400_000))
        func hasDescriptor() async throws -> Bool {
            let content = try await world.registry.openLayer(digest, in: world.name).whole()
            defer { content.close() }
            return content.fileDescriptor != nil
        }
        #expect(try await hasDescriptor(), "it was hashed when it came")
        world.installation.clock.advance(by: .seconds(3599))
        #expect(try await hasDescriptor())
        world.installation.clock.advance(by: .seconds(1))
        #expect(try await !hasDescriptor())
        _ = try await world.pull(digest)
        #expect(try await hasDescriptor())
        world.installation.clock.advance(by: .seconds(3600))
        try await world.damage(digest, .flippedBit)
        #expect(try await world.pull(digest).isBroken)
    }

    @Test func neverMeansNever() async throws {
        let world = try await DamagedBlobs(verifiedFor: nil)
        let digest = try await world.push(DamagedBlobs.content(5, size: 400_000))
        try await world.damage(digest, .flippedBit)
        world.installation.clock.advance(by: .seconds(1_000_000))
        #expect(try await !world.pull(digest).isBroken)
    }

    /// A part says nothing about the whole, and comes by the file's descriptor.
    @Test func partsAreNotVerified() async throws {
        let world = try await DamagedBlobs()
        let content = DamagedBlobs.content(6, size: 400_000)
        let digest = try await world.push(content)
        let open = try await world.registry.openLayer(digest, in: world.name)
        defer { open.content.close() }
        #expect(open.content.fileDescriptor != nil)
        #expect(Array(try await open.content.read(at: 1000, count: 50).readableBytesView) == Array(content[1000..<1050]))
    }

    @Test func readingOutOfOrderSaysNothing() async throws {
        let world = try await DamagedBlobs()
        let digest = try await world.push(DamagedBlobs.content(7, size: 400_000))
        let content = try await world.registry.openLayer(digest, in: world.name).whole()
        defer { content.close() }
        _ = try await content.read(at: 200_000, count: 1000)
        _ = try await content.read(at: 0, count: 200_000)
        #expect(try await content.read(at: 200_000, count: 200_000).readableBytes == 200_000)
        #expect(try await world.services.damagedBlobs() == 0)
    }

    /// Whoever finds it, the scrub or a pull: one event for each repository that holds the blob, in the transaction that puts it in quarantine.
    @Test(arguments: [true, false])
    func everyRepositoryIsToldOnceOfADamagedBlob(byScrub: Bool) async throws {
        let world = try await DamagedBlobs(events: [.file])
        let digest = try await world.push(DamagedBlobs.content(8, size: 400_000))
        let other = try repository("other")
        _ = try await world.registry.createRepository(other)
        #expect(try await world.registry.mountLayer(digest, from: world.name, into: other))
        try await world.damage(digest, .flippedBit)
        for _ in 0..<2 {
            if byScrub { _ = try await world.services.scrubBlobs(upTo: .max) } else { _ = try? await world.pull(digest) }
        }
        let events = try await world.services.pendingEvents(for: .file, limit: 100).map(\.body)
        #expect(events.count == 2)
        for (event, name) in zip(events, [world.name, other]) {
            #expect(event.contains(#""detail-type":"Berth Blob Damage","source":"berth.registry","account":"123456789012""#))
            #expect(
                event.contains(
                    #""detail":{"result":"QUARANTINED","repository-name":"\#(name)","layer-digest":"\#(digest)","finding":"blob \#(digest)"#))
            #expect(event.contains("has other bytes than its digest says"))
        }
    }
}
