import NIOCore
import Stores
import TestSupport

/// A blob store, and the steps that tests of it take again and again.
struct TestBlobStore {
    let folder: TemporaryFolder
    let store: any BlobStore

    /// `count` bytes without a pattern.
    func bytes(_ count: Int) -> [UInt8] {
        var random = SeededRandom(seed: 7)
        return random.bytes(count)
    }

    func upload(_ bytes: [UInt8], to key: ObjectKey, at offset: Int64 = 0) async throws {
        let upload = try await store.append(to: key, at: offset)
        do {
            try await upload.write(ByteBuffer(bytes: bytes))
            try await upload.synchronize()
        } catch {
            await upload.close()
            throw error
        }
        await upload.close()
    }

    func read(_ key: ObjectKey) async throws -> [UInt8] {
        let blob = try await store.open(key)
        defer { blob.close() }
        return Array(try await blob.read(at: 0, count: Int(blob.size)).readableBytesView)
    }
}

/// The key `text`. Throws when it is none.
func key(_ text: String) throws -> ObjectKey {
    guard let key = ObjectKey(text) else { throw TestSetupError("\(text) is no key") }
    return key
}
