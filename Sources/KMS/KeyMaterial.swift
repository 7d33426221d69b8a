import Crypto
import OCI
import Stores

/// One version of a key's secret. What was encrypted under an older one stays readable.
package struct KeyMaterial: Hashable, Sendable {
    /// How a version came about.
    package enum Origin: String, Hashable, Sendable {
        case first = "FIRST"
        case automatic = "AUTOMATIC"
        case onDemand = "ON_DEMAND"
    }

    /// 64 hexadecimal digits.
    package let id: String
    package let origin: Origin
    package let createdAt: Timestamp
    /// 32 bytes, sealed.
    let secret: [UInt8]
}

extension KeyMaterial {
    static let length = 32

    /// New material; its time is that of the transaction that stores it.
    init(_ origin: Origin, _ services: KMSServices) throws {
        let id = services.ids.randomBytes(32).lowercaseHex
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        self.init(id: id, origin: origin, createdAt: Timestamp(milliseconds: 0), secret: try services.keys.seal(secret, for: Self.purpose(id)))
    }

    /// The secret itself. Throws `SealError`.
    func open(_ keys: any KeyProvider) throws -> SymmetricKey { SymmetricKey(data: try keys.unseal(secret, for: Self.purpose(id))) }

    static func purpose(_ id: String) -> String { "kms material \(id)" }
}

extension ReadTransaction {
    /// All versions of a key's material, the newest first.
    func materials(of key: Key) throws -> [KeyMaterial] {
        try rows("SELECT id, origin, created_at, secret FROM kms_materials WHERE key_id = \(key.id) ORDER BY number DESC") { row in
            guard let origin = KeyMaterial.Origin(rawValue: row.text(1)) else {
                throw DatabaseError.other("kms_materials row \(row.text(0)) holds an invalid origin")
            }
            return KeyMaterial(id: row.text(0), origin: origin, createdAt: row.timestamp(2), secret: row.bytes(3))
        }
    }
}

extension WriteTransaction {
    /// Adds a version of a key's material.
    func insert(_ material: KeyMaterial, of key: Key) throws {
        try execute(
            """
            INSERT INTO kms_materials (key_id, number, id, secret, origin, created_at)
            SELECT \(key.id), COALESCE(MAX(number), 0) + 1, \(material.id), \(material.secret), \(material.origin.rawValue), \(now)
            FROM kms_materials WHERE key_id = \(key.id)
            """)
    }
}
