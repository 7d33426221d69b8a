import Crypto
import SealedObjects

/// The data keys of one blob, one for each layer of encryption, the innermost first.
struct BlobKeys: Sendable, Equatable {
    let secrets: [[UInt8]]
    /// What KMS gave for a wrap of these keys, which will do for others of the same repository: so a pushed object takes one data key of KMS.
    let besides: KMSDataKeys.Given?

    init(secrets: [[UInt8]], besides: KMSDataKeys.Given? = nil) {
        self.secrets = secrets
        self.besides = besides
    }

    static func == (one: BlobKeys, other: BlobKeys) -> Bool { one.secrets == other.secrets }

    /// The key of each layer.
    var keys: [SymmetricKey] { secrets.map { SymmetricKey(data: $0) } }

    /// Something small beside the object, sealed under keys of its own.
    func seal(_ bytes: [UInt8], for context: [UInt8]) -> [UInt8] { asides.reduce(bytes) { SmallSeal.seal($0, under: $1, for: context) } }

    /// What `seal` sealed. Throws `ObjectDamage`.
    func open(_ sealed: [UInt8], for context: [UInt8]) throws(ObjectDamage) -> [UInt8] {
        var bytes = sealed
        for key in asides.reversed() { bytes = try SmallSeal.open(bytes, under: key, for: context) }
        return bytes
    }

    private var asides: [SymmetricKey] {
        keys.map { HKDF<SHA256>.deriveKey(inputKeyMaterial: $0, info: Array("berth upload progress".utf8), outputByteCount: 32) }
    }

    /// The size of an object with a plaintext of `size` bytes.
    func sealedSize(of size: Int64) -> Int64 { secrets.reduce(size) { size, _ in ObjectLayout.sealedSize(of: size) } }
}
