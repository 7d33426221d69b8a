import NIOCore
import OCI
import RegistryCore
import Stores
import Synchronization
import TestSupport
import Testing

@Suite struct UploadTests {
    let installation: TestInstallation
    let registry: Registry
    let name: RepositoryName

    init() async throws {
        installation = try TestInstallation()
        registry = installation.registry
        name = try repository("team/app")
        _ = try await registry.createRepository(name)
    }

    @Test func anUploadBecomesABlobThatReadsBackUnchanged() async throws {
        let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let digest = try await registry.push(content, to: name)
        #expect(try await registry.pull(digest, from: name) == content)
        #expect(try await registry.findLayers([digest], in: name, reserving: false).map(\.size) == [100_000])
    }

    /// The transaction that names a small blob is prepared while its bytes become durable; when they do not, nothing of it stays.
    @Test func whatDidNotBecomeDurableIsNoBlob() async throws {
        let content = [UInt8](repeating: 7, count: 5000)
        let upload = try await registry.startUpload(in: name)
        installation.blobs.failNext(.commit, .after)
        await #expect(throws: (any Error).self) {
            try await registry.append(.stream(stream(of: content), from: 0), to: upload.id, in: name, completingAs: Digest.of(content))
        }
        #expect(try await installation.sqlite.read { try $0.first("SELECT COUNT(*) FROM blobs") { $0.integer(0) } } == 0)
        #expect(try await registry.findLayers([Digest.of(content)], in: name, reserving: false) == [])

        let digest = try await registry.push(content, to: name)
        #expect(try await registry.pull(digest, from: name) == content)
    }

    @Test func theEmptyBlobCanBePushed() async throws {
        let digest = try await registry.push([], to: name)
        #expect(try await registry.pull(digest, from: name) == [])
    }

    @Test func sha512IsVerifiedByReadingAgain() async throws {
        let content = Array("sixty-four bytes of hash".utf8)
        let upload = try await registry.startUpload(in: name)
        _ = try await registry.append(.stream(stream(of: content), from: nil), to: upload.id, in: name)
        let digest = Digest.of(content, by: .sha512)
        let wrong = Digest.of([1], by: .sha512)
        await #expect(throws: RegistryError.layerDigestMismatch(expected: wrong, actual: digest)) {
            try await registry.completeUpload(upload.id, as: wrong, in: name)
        }
        _ = try await registry.completeUpload(upload.id, as: digest, in: name)
        #expect(try await registry.pull(digest, from: name) == content)
    }

    @Test func chunksMustFollowEachOther() async throws {
        let upload = try await registry.startUpload(in: name)
        _ = try await registry.append(.stream(stream(of: [1, 2, 3]), from: 0), to: upload.id, in: name)
        await #expect(throws: RegistryError.uploadOutOfOrder(upload.id, name, lastByte: 2, registry: registry.id)) {
            try await registry.append(.stream(stream(of: [9]), from: 7), to: upload.id, in: name)
        }
        #expect(try await registry.upload(upload.id, in: name).offset == 3)
        #expect(try await registry.append(.stream(stream(of: [4]), from: 3), to: upload.id, in: name).offset == 4)
        _ = try await registry.completeUpload(upload.id, as: Digest.of([1, 2, 3, 4]), in: name)
    }

    @Test func aBrokenConnectionKeepsWhatCame() async throws {
        let upload = try await registry.startUpload(in: name)
        await #expect(throws: ConnectionBroken.self) {
            try await registry.append(.stream(brokenStream(of: [1, 2, 3]), from: nil), to: upload.id, in: name)
        }
        #expect(try await registry.upload(upload.id, in: name).offset == 3)
        _ = try await registry.append(.stream(stream(of: [4]), from: 3), to: upload.id, in: name)
        _ = try await registry.completeUpload(upload.id, as: Digest.of([1, 2, 3, 4]), in: name)
    }

    @Test func aFullDeviceGetsBackWhatWasNotAcknowledged() async throws {
        let upload = try await registry.startUpload(in: name)
        _ = try await registry.append(.stream(stream(of: [1, 2, 3]), from: nil), to: upload.id, in: name)
        installation.blobs.failNext(.write, .after, error: .full)
        await #expect(throws: RegistryError.storageFull) {
            try await registry.append(.stream(stream(of: [UInt8](repeating: 4, count: 5000)), from: nil), to: upload.id, in: name)
        }
        let sizes = Mutex<[Int64]>([])
        try await installation.blobs.list { _, size in sizes.withLock { $0.append(size) } }
        #expect(sizes.withLock { $0 } == [0], "the first bytes wait in the row for the rest of their chunk")
        #expect(try await registry.upload(upload.id, in: name).offset == 3)
        _ = try await registry.append(.stream(stream(of: [4]), from: 3), to: upload.id, in: name)
        _ = try await registry.completeUpload(upload.id, as: Digest.of([1, 2, 3, 4]), in: name)
    }

    @Test func aWrongDigestIsRefusedAndNothingAppears() async throws {
        let upload = try await registry.startUpload(in: name)
        _ = try await registry.append(.stream(stream(of: [1]), from: nil), to: upload.id, in: name)
        let wrong = Digest.of([2])
        await #expect(throws: RegistryError.layerDigestMismatch(expected: wrong, actual: Digest.of([1]))) {
            try await registry.completeUpload(upload.id, as: wrong, in: name)
        }
        #expect(try await registry.findLayers([wrong, Digest.of([1])], in: name, reserving: false).isEmpty)
    }

    @Test func completingTwiceGivesTheSameAnswer() async throws {
        let upload = try await registry.startUpload(in: name)
        _ = try await registry.append(.stream(stream(of: [5]), from: nil), to: upload.id, in: name)
        #expect(try await registry.completeUpload(upload.id, as: Digest.of([5]), in: name).wasPresent == false)
        #expect(try await registry.completeUpload(upload.id, as: Digest.of([5]), in: name).wasPresent)
        await #expect(throws: RegistryError.uploadNotFound(upload.id, name, registry: registry.id)) {
            try await registry.upload(upload.id, in: name)
        }
    }

    @Test func aSessionBelongsToItsRepository() async throws {
        let other = try repository("team/other")
        _ = try await registry.createRepository(other)
        let upload = try await registry.startUpload(in: name)
        await #expect(throws: RegistryError.uploadNotFound(upload.id, other, registry: registry.id)) {
            try await registry.append(.stream(stream(of: [1]), from: nil), to: upload.id, in: other)
        }
        await #expect(throws: RegistryError.uploadNotFound(upload.id, other, registry: registry.id)) {
            try await registry.cancelUpload(upload.id, in: other)
        }
    }

    @Test func aCancelledSessionIsGone() async throws {
        let upload = try await registry.startUpload(in: name)
        _ = try await registry.append(.stream(stream(of: [1]), from: nil), to: upload.id, in: name)
        try await registry.cancelUpload(upload.id, in: name)
        await #expect(throws: RegistryError.uploadNotFound(upload.id, name, registry: registry.id)) {
            try await registry.completeUpload(upload.id, as: Digest.of([1]), in: name)
        }
    }

    @Test func aSessionExpires() async throws {
        let upload = try await registry.startUpload(in: name)
        _ = try await registry.append(.stream(stream(of: [1]), from: nil), to: upload.id, in: name)
        installation.clock.advance(by: registry.limits.uploadSession)
        await #expect(throws: RegistryError.uploadNotFound(upload.id, name, registry: registry.id)) {
            try await registry.upload(upload.id, in: name)
        }
        #expect(try await installation.services.expireUploads(limit: 10) == 1)
        #expect(try await installation.services.reapObjects(limit: 10) == 1)
        #expect(try await installation.services.check(CheckOptions(reading: .all)).orphans.isEmpty)
    }

    @Test func twoWritersOfOneSessionTakeTurns() async throws {
        let upload = try await registry.startUpload(in: name)
        let (registry, name) = (registry, name)
        await withTaskGroup(of: Void.self) { group in
            for byte in UInt8(0)..<8 {
                group.addTask {
                    _ = try? await registry.append(.stream(stream(of: [UInt8](repeating: byte, count: 10_000)), from: nil), to: upload.id, in: name)
                }
            }
        }
        #expect(try await registry.upload(upload.id, in: name).offset == 80_000)
        #expect(try await installation.services.check(CheckOptions(reading: .all)).damage == [])
    }

    // MARK: The last bytes and the end in one step

    @Test func theLastBytesMakeABlobAtOnce() async throws {
        let upload = try await registry.startUpload(in: name)
        _ = try await registry.append(.stream(stream(of: [1, 2]), from: 0), to: upload.id, in: name)
        let syncs = installation.blobs.count(.synchronize)
        let digest = Digest.of([1, 2, 3])
        let done = try await registry.append(.stream(stream(of: [3]), from: 2), to: upload.id, in: name, completingAs: digest)
        #expect(done.layer.digest == digest && done.layer.size == 3 && !done.wasPresent)
        #expect(installation.blobs.count(.synchronize) == syncs)
        #expect(try await registry.pull(digest, from: name) == [1, 2, 3])
        #expect(try await registry.completeUpload(upload.id, as: digest, in: name).wasPresent)
    }

    @Test func bytesOfAnotherDigestAreKept() async throws {
        let upload = try await registry.startUpload(in: name)
        let (wrong, right) = (Digest.of([9]), Digest.of([1, 2]))
        await #expect(throws: RegistryError.layerDigestMismatch(expected: wrong, actual: right)) {
            try await registry.append(.stream(stream(of: [1, 2]), from: 0), to: upload.id, in: name, completingAs: wrong)
        }
        #expect(try await registry.upload(upload.id, in: name).offset == 2)
        _ = try await registry.completeUpload(upload.id, as: right, in: name)
        #expect(try await registry.pull(right, from: name) == [1, 2])
    }

    @Test func aBreakBeforeTheEndKeepsWhatCame() async throws {
        let upload = try await registry.startUpload(in: name)
        let digest = Digest.of([1, 2, 3, 4])
        await #expect(throws: ConnectionBroken.self) {
            try await registry.append(.stream(brokenStream(of: [1, 2, 3]), from: nil), to: upload.id, in: name, completingAs: digest)
        }
        _ = try await registry.append(.stream(stream(of: [4]), from: 3), to: upload.id, in: name, completingAs: digest)
        #expect(try await registry.pull(digest, from: name) == [1, 2, 3, 4])
    }

    @Test func anObjectWhoseRowsWereNeverWrittenGivesWay() async throws {
        let upload = try await registry.startUpload(in: name)
        // What a crash between the store and the database leaves.
        let text = try await installation.sqlite.read { try $0.first("SELECT object_key FROM uploads WHERE id = \(upload.id)") { $0.text(0) } }
        let key = try #require(text.flatMap(ObjectKey.init))
        let file = try await installation.blobs.append(to: key, at: 0)
        try await file.write(ByteBuffer(bytes: [1, 2]))
        try await file.commit(as: key)
        await file.close()
        #expect(try await installation.services.check(CheckOptions(reading: .all)).damage == [])

        let digest = Digest.of([1, 2])
        _ = try await registry.append(.stream(stream(of: [1, 2]), from: 0), to: upload.id, in: name, completingAs: digest)
        #expect(try await registry.pull(digest, from: name) == [1, 2])
        let report = try await installation.services.check(CheckOptions(reading: .all))
        #expect(report.damage == [] && report.orphans == [])
    }

    // MARK: The layer API's own rules

    @Test func strictCompletionRefusesNothingShortPartsAndPresentLayers() async throws {
        let empty = try await registry.startUpload(in: name)
        await #expect(throws: RegistryError.uploadEmpty(empty.id, name, registry: registry.id)) {
            try await registry.completeUpload(empty.id, as: Digest.of([]), in: name, strict: true)
        }

        let short = try await registry.startUpload(in: name)
        _ = try await registry.append(.part(ByteBuffer(bytes: [1]), from: 0), to: short.id, in: name)
        _ = try await registry.append(.part(ByteBuffer(bytes: [2]), from: 1), to: short.id, in: name)
        await #expect(throws: RegistryError.uploadPartTooSmall(short.id, name, minimum: 5 << 20, registry: registry.id)) {
            try await registry.completeUpload(short.id, as: Digest.of([1, 2]), in: name, strict: true)
        }

        try await registry.push([7], to: name)
        let again = try await registry.startUpload(in: name)
        _ = try await registry.append(.part(ByteBuffer(bytes: [7]), from: 0), to: again.id, in: name)
        await #expect(throws: RegistryError.layerExists(Digest.of([7]), name, registry: registry.id)) {
            try await registry.completeUpload(again.id, as: Digest.of([7]), in: name, strict: true)
        }
    }

    @Test func aRegularPartMayBeFollowedByAShortOne() async throws {
        let first = [UInt8](repeating: 1, count: 5 << 20)
        let upload = try await registry.startUpload(in: name)
        _ = try await registry.append(.part(ByteBuffer(bytes: first), from: 0), to: upload.id, in: name)
        _ = try await registry.append(.part(ByteBuffer(bytes: [2]), from: 5 << 20), to: upload.id, in: name)
        let done = try await registry.completeUpload(upload.id, as: Digest.of(first + [2]), in: name, strict: true)
        #expect(done.layer.size == 5 << 20 + 1)
    }
}
