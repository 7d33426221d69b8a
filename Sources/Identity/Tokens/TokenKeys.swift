import AWSCore
import Crypto
import Stores
import Synchronization

/// The keys that seal docker tokens and session tokens: a new one every day, each kept while a token of it may live.
final class TokenKeys: Sendable {
    struct Key: Sendable {
        /// `idLength` characters of base64url.
        let id: String
        let secret: SymmetricKey
        let createdAt: Timestamp
    }

    static let idLength = 16

    /// How long new tokens are sealed with a key.
    private static let use = Duration.seconds(24 * 3600)
    /// How long a key is kept: its use, the life of the last token, and an hour for clocks that differ.
    private static let retention = use + Sessions.longestLife + .seconds(3600)

    private let database: any Database
    private let keys: any KeyProvider
    private let clock: any WallClock
    private let ids: any IDSource
    private let known = BoundedCache<String, Key>(capacity: 16)
    private let newest = Mutex<Key?>(nil)

    init(database: any Database, keys: any KeyProvider, clock: any WallClock, ids: any IDSource) {
        self.database = database
        self.keys = keys
        self.clock = clock
        self.ids = ids
    }

    /// The key to seal with now; makes one when the newest is a day old.
    func current() async throws -> Key {
        if let key = newest.withLock({ $0 }), isFresh(key) { return key }
        let found = try await database.read { try TokenKeyRecords.newest($0) }.map(unseal)
        let key = if let found, isFresh(found) { found } else { try await rotate() }
        newest.withLock { $0 = key }
        return key
    }

    /// The key of a token; nil when there is none, or no longer.
    func find(_ id: String) async throws -> Key? {
        if let key = known[id] { return key }
        guard let key = try await database.read({ try TokenKeyRecords.find(id, $0) }).map(unseal) else { return nil }
        known[id] = key
        return key
    }

    private func isFresh(_ key: Key) -> Bool { clock.now < key.createdAt + Self.use }

    private func rotate() async throws -> Key {
        let id = Base64URL.encode(ids.randomBytes(12))
        let secret = ids.randomBytes(32)
        let record = TokenKeyRecord(id: id, secret: try keys.seal(secret, for: Self.purpose(id)), createdAt: clock.now)
        try await database.write { transaction in
            try TokenKeyRecords.deleteAll(before: record.createdAt - Self.retention, transaction)
            try TokenKeyRecords.insert(record, transaction)
        }
        return Key(id: id, secret: SymmetricKey(data: secret), createdAt: record.createdAt)
    }

    private func unseal(_ record: TokenKeyRecord) throws -> Key {
        let secret = try keys.unseal(record.secret, for: Self.purpose(record.id))
        return Key(id: record.id, secret: SymmetricKey(data: secret), createdAt: record.createdAt)
    }

    static func purpose(_ id: String) -> String { "token key \(id)" }
}
