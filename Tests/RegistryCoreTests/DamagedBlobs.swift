import Foundation
import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

/// A repository whose blobs are damaged behind the back of the store, as a bad disk or a careless hand does.
struct DamagedBlobs {
    let installation: TestInstallation
    let registry: Registry
    let name: RepositoryName
    var services: RegistryServices { installation.services }

    /// `life` as `Limits.verificationLife`.
    init(verifiedFor life: Duration? = .zero, events: Set<EventDestination> = [], encryptsAtRest: Bool = false) async throws {
        var limits = Limits()
        limits.verificationLife = life
        installation = try TestInstallation(limits: limits, events: events, encryptsAtRest: encryptsAtRest)
        registry = installation.registry
        name = try repository("app")
        _ = try await registry.createRepository(name)
    }

    /// Content that no other call gives.
    static func content(_ seed: UInt64, size: Int) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        return random.bytes(size)
    }

    func push(_ content: [UInt8]) async throws -> Digest {
        try await registry.push(content, to: name)
        return Digest.of(content)
    }

    enum Kind: String, CaseIterable, Sendable {
        case flippedBit, cutOff, removed
    }

    /// Damages the object of a blob on the disk.
    func damage(_ digest: Digest, _ kind: Kind) async throws {
        let key = try await services.database.read { transaction in
            try transaction.first("SELECT object_key FROM blobs WHERE digest = \(digest.bytes)") { $0.text(0) }
        }
        let file = URL(filePath: installation.folder.file("store/blobs/\(try #require(key))"))
        switch kind {
        case .removed: try FileManager.default.removeItem(at: file)
        case .cutOff: try Data(try Data(contentsOf: file).dropLast()).write(to: file)
        case .flippedBit:
            var bytes = try Data(contentsOf: file)
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: file)
        }
    }

    /// Reads all of a blob as the server does, in pieces; the bytes that were given out before it ended or broke, and whether it broke.
    func pull(_ digest: Digest, piece: Int = 100_000) async throws -> (bytes: [UInt8], isBroken: Bool) {
        let open = try await registry.openLayer(digest, in: name)
        let content = try await open.whole()
        defer { content.close() }
        var bytes: [UInt8] = []
        do {
            while bytes.count < Int(open.layer.size) {
                bytes += try await content.read(at: Int64(bytes.count), count: min(piece, Int(open.layer.size) - bytes.count)).readableBytesView
            }
            return (bytes, false)
        } catch BlobStoreError.failed {
            return (bytes, true)
        }
    }
}
