import NIOCore
import OCI
import Stores
import Synchronization
import TestSupport
import Testing

@testable import RegistryCore

/// Repositories under KMS keys: a key that cannot be used stops them at once, and they work again when it can.
@Suite struct KMSEncryptionTests {
    private let installation: TestInstallation
    private let keys = InMemoryDataKeys()
    private let key: String
    private var registry: Registry { installation.registry }

    init() async throws {
        installation = try TestInstallation(dataKeys: keys)
        key = try keys.key("alias/mine", in: KeyPlace(account: "123456789012", region: "us-east-1")).arn
    }

    private func encryption(_ kind: String) -> RepositoryEncryption { kind == "KMS" ? .kms(key: key) : .kmsDualLayer(key: key) }

    private func content(_ seed: Int) -> [UInt8] { Array((0..<8_000).map { "damson \(seed) \($0)\n" }.joined().utf8) }

    @Test(arguments: ["KMS", "KMS_DSSE"]) func aDisabledKeyStopsPullsAndPushes(_ kind: String) async throws {
        let name = try repository("app")
        _ = try await registry.createRepository(name, under: AdoptedKey(encryption: encryption(kind), grant: nil))
        let image = try await registry.pushImage(layers: [content(1)], tags: [try tag("v1")], to: name)
        let digest = Digest.of(content(1))
        #expect(try await registry.pull(digest, from: name) == content(1))

        let pull = try await registry.openLayer(digest, in: name)
        defer { pull.content.close() }
        #expect(pull.isRevocable && pull.content.fileDescriptor == nil)
        #expect(try pull.content.readNow(at: 0, count: 16_384, into: ReadBuffer(capacity: 1)) == nil)
        #expect(try await pull.content.read(at: 0, count: 16_384).readableBytes == 16_384)
        #expect(try pull.content.readNow(at: 16_384, count: 9, into: ReadBuffer(capacity: 1)) == ByteBuffer(bytes: content(1)[16_384..<16_393]))
        #expect(try pull.content.readNow(at: 2 << 20, count: 9, into: ReadBuffer(capacity: 1)) == nil)
        let upload = try await registry.startUpload(in: name)
        keys.set(key, .disabled)
        await #expect(throws: KeyFailure.self) { try await pull.content.read(at: 16_384, count: 16_384) }
        await #expect(throws: KeyFailure.self) { try await registry.openLayer(digest, in: name) }
        await #expect(throws: KeyFailure.self) { try await registry.image(ImageIdentifier(digest: image.digest), in: name) }
        await #expect(throws: KeyFailure.self) { try await registry.images([ImageIdentifier(digest: image.digest)], in: name) }
        await #expect(throws: KeyFailure.self) { try await registry.startUpload(in: name) }
        await #expect(throws: KeyFailure.self) {
            try await registry.append(.stream(stream(of: content(2)), from: nil), to: upload.id, in: name)
        }
        await #expect(throws: KeyFailure.self) {
            try await registry.putImage(NewImage(manifest: try imageManifest(config: [], layers: []), tags: []), in: name)
        }
        // It is not damage.
        #expect(try await installation.services.check(CheckOptions(reading: .all, quarantining: true)).quarantined == [])
        #expect(try await installation.services.damagedBlobs() == 0)

        keys.set(key, .enabled)
        #expect(try await pull.content.read(at: 16_384, count: 16_384).readableBytes == 16_384)
        #expect(try await registry.pull(digest, from: name) == content(1))
        #expect(try await registry.image(ImageIdentifier(digest: image.digest), in: name).digest == image.digest)
        try await registry.push(content(2), to: name)
        #expect(try await installation.services.check(CheckOptions(reading: .all)).isClean)
    }

    /// Sharing ends at the key domain.
    @Test func domainsShareNothing() async throws {
        let names = try ["service", "kms", "dsse", "second"].map(repository)
        let encryptions: [RepositoryEncryption] = [.aes256, .kms(key: key), .kmsDualLayer(key: key), .kms(key: key)]
        for (name, encryption) in zip(names, encryptions) {
            _ = try await registry.createRepository(name, under: AdoptedKey(encryption: encryption, grant: nil))
        }
        let digest = Digest.of(content(1))
        for name in names { try await registry.push(content(1), to: name) }
        for name in names { #expect(try await registry.pull(digest, from: name) == content(1)) }
        let sizes = try await installation.sqlite.read { try $0.rows("SELECT sealed_bytes FROM blobs ORDER BY sealed_bytes") { $0.integer(0) } }
        #expect(sizes.count == 3 && sizes[0] == sizes[1] && sizes[2] > sizes[1], "one object for each domain, two layers for DSSE")

        let other = try repository("other")
        _ = try await registry.createRepository(other, under: AdoptedKey(encryption: .kms(key: key), grant: nil))
        #expect(try await !registry.mountLayer(digest, from: names[0], into: other))
        #expect(try await !registry.mountLayer(digest, from: names[2], into: other))
        #expect(try await registry.mountLayer(digest, from: names[1], into: other))
        #expect(try await registry.pull(digest, from: other) == content(1))
    }

    /// A push under way ends while its bytes still come, keeps what came, and goes on when the key can be used again.
    @Test func aDisabledKeyEndsAPushUnderWay() async throws {
        let name = try repository("app")
        _ = try await registry.createRepository(name, under: AdoptedKey(encryption: .kms(key: key), grant: nil))
        let upload = try await registry.startUpload(in: name)
        let piece = [UInt8](repeating: 7, count: 256 << 10)
        let asked = Mutex(0)
        let endless = AnyAsyncSequence(
            AsyncStream<ByteBuffer> {
                let count = asked.withLock { count in
                    count += 1
                    return count
                }
                if count == 5 { keys.set(key, .disabled) }
                return ByteBuffer(bytes: piece)
            })
        await #expect(throws: KeyFailure.self) { try await registry.append(.stream(endless, from: nil), to: upload.id, in: name) }
        #expect(asked.withLock { $0 } < 10)
        keys.set(key, .enabled)
        let kept = try await registry.upload(upload.id, in: name).offset
        #expect(kept >= 4 * 256 << 10)
        let last = try await registry.append(.stream(stream(of: [8]), from: kept), to: upload.id, in: name)
        let content = [UInt8](repeating: 7, count: Int(kept)) + [8]
        #expect(last.offset == kept + 1)
        _ = try await registry.completeUpload(upload.id, as: Digest.of(content), in: name)
        #expect(try await registry.pull(Digest.of(content), from: name) == content)
    }

    /// Two layers go on where they were left, as one does.
    @Test(arguments: [5_000, 16_384, 70_001]) func anUploadInTwoLayers(_ piece: Int) async throws {
        let name = try repository("app")
        _ = try await registry.createRepository(name, under: AdoptedKey(encryption: .kmsDualLayer(key: key), grant: nil))
        let content = content(3)
        let upload = try await registry.startUpload(in: name)
        var start = 0
        while start < content.count {
            let end = min(content.count, start + piece)
            _ = try await registry.append(
                .stream(stream(of: Array(content[start..<end])), from: Int64(start)), to: upload.id, in: name)
            start = end
        }
        #expect(try await installation.services.check().damage == [])
        let digest = Digest.of(content, by: .sha512)
        _ = try await registry.completeUpload(upload.id, as: digest, in: name)
        #expect(try await registry.pull(digest, from: name) == content)
        let open = try await registry.openLayer(digest, in: name)
        defer { open.content.close() }
        #expect(Array(try await open.content.read(at: 33_333, count: 3).readableBytesView) == Array(content[33_333..<33_336]))
    }

    /// A data key for each object and each manifest, with the context that ECR gives, and one call for each reading.
    @Test(arguments: ["KMS", "KMS_DSSE"]) func whatKMSIsAskedFor(_ kind: String) async throws {
        let name = try repository("app")
        _ = try await registry.createRepository(name, under: AdoptedKey(encryption: encryption(kind), grant: nil))
        let image = try await registry.pushImage(layers: [content(1), content(2)], tags: [try tag("v1")], to: name)
        #expect(keys.calls.count { $0 == "GenerateDataKey" } == 4, "a configuration, two layers and a manifest")
        var before = keys.calls.count
        _ = try await registry.pull(Digest.of(content(1)), from: name)
        #expect(keys.calls.dropFirst(before) == ["Decrypt"])
        before = keys.calls.count
        _ = try await registry.image(ImageIdentifier(digest: image.digest), in: name)
        #expect(keys.calls.dropFirst(before) == ["Decrypt"])

        let other = try repository("other")
        _ = try await registry.createRepository(other, under: AdoptedKey(encryption: encryption(kind), grant: nil))
        before = keys.calls.count
        #expect(try await registry.mountLayer(Digest.of(content(1)), from: name, into: other))
        #expect(keys.calls.dropFirst(before) == ["Decrypt", "GenerateDataKey"], "each repository has its own")
    }

    /// The data keys of KMS of two objects exchanged, or changed, open nothing.
    @Test func otherDataKeysOfKMSOpenNothing() async throws {
        let name = try repository("app")
        _ = try await registry.createRepository(name, under: AdoptedKey(encryption: .kms(key: key), grant: nil))
        for seed in [1, 2] { try await registry.push(content(seed), to: name) }
        let wraps = try await installation.sqlite.read {
            try $0.rows("SELECT blob_id, wrap FROM repo_blobs ORDER BY blob_id") { ($0.integer(0), $0.bytes(1)) }
        }
        let length = 3 + (Int(wraps[0].1[1]) << 8 | Int(wraps[0].1[2]))
        var flipped = wraps[0].1
        flipped[10] ^= 1
        let exchanged = Array(wraps[1].1[..<length] + wraps[0].1[length...])
        for wrap in [flipped, exchanged, Array(wraps[0].1[..<2]), Array(wraps[0].1[..<40]), wraps[0].1 + [0]] {
            try await installation.sqlite.write { try $0.execute("UPDATE repo_blobs SET wrap = \(wrap) WHERE blob_id = \(wraps[0].0)") }
            #expect(try await !installation.services.check(CheckOptions(reading: .all)).isClean)
            for seed in [1, 2] {
                do { #expect(try await registry.pull(Digest.of(content(seed)), from: name) == content(seed)) } catch is RegistryError {}
            }
            try await installation.sqlite.write { transaction in
                try transaction.execute("UPDATE repo_blobs SET wrap = \(wraps[0].1) WHERE blob_id = \(wraps[0].0)")
                try transaction.execute("UPDATE blobs SET state = 0")
            }
        }
        for seed in [1, 2] { #expect(try await registry.pull(Digest.of(content(seed)), from: name) == content(seed)) }
    }

    /// Repositories whose key is a data key of KMS itself, as an earlier version made them, go on, and get away from it.
    @Test(arguments: ["KMS", "KMS_DSSE"]) func repositoryKeysOfAnEarlierVersion(_ kind: String) async throws {
        let name = try repository("app")
        _ = try await registry.createRepository(name, under: AdoptedKey(encryption: encryption(kind), grant: nil))
        let found = try await registry.repository(name)
        let wrapped = try keys.generateDataKey(under: key, context: found.encryptionContext).wrapped
        let service = try installation.keys.seal(installation.ids.randomBytes(32), for: SealContext.repositoryKey(of: found))
        let sealed = kind == "KMS" ? [2] + wrapped : [3, UInt8(wrapped.count >> 8), UInt8(wrapped.count & 0xff)] + wrapped + service
        try await installation.sqlite.write { try $0.execute("UPDATE repos SET sealed_key = \(sealed)") }

        let image = try await registry.pushImage(layers: [content(1)], tags: [try tag("v1")], to: name)
        #expect(try await registry.pull(Digest.of(content(1)), from: name) == content(1))
        #expect(keys.calls.count { $0 == "GenerateDataKey" } == 1)
        try await registry.changeKey(of: name, to: .kms(key: key, isDualLayer: kind != "KMS"))
        var next: MovePosition? = .uploads
        while let position = next { next = try await registry.moveContent(of: name, from: position, upTo: .max).next }
        #expect(try await !registry.finishKeyChange(of: name).isUnderWay)
        #expect(try await registry.repository(name).sealedKey?.first == 4)
        #expect(try await registry.pull(Digest.of(content(1)), from: name) == content(1))
        #expect(try await registry.image(ImageIdentifier(digest: image.digest), in: name).digest == image.digest)
        #expect(try await installation.services.check(CheckOptions(reading: .all)).isClean)
    }
}
