import Crypto
import Stores
import Synchronization

/// What seals for the whole installation: master keys, one for secrets and one for content, which lie in the database under a root secret.
///
/// A sealed thing names its master key, so a new one can come at any time: what is sealed from then on is sealed under it, and what was before
/// can be sealed again bit by bit. Format 2: the byte 2, the number of the master key, then a nonce, the ciphertext and its tag, by AES-256-GCM
/// under a key that HKDF-SHA256 derives from the master key for the purpose. What the root secret itself sealed (format 1) is still opened.
package final class MasterKeys: KeyProvider {
    /// What a master key is for.
    package enum Use: String, CaseIterable, Sendable {
        /// Access keys, keys of tokens, keys of KMS keys.
        case secrets
        /// Keys of repositories.
        case content

        /// That of a purpose.
        init(of purpose: String) { self = purpose.hasPrefix("berth repository key") ? .content : .secrets }
    }

    private struct State {
        var keys: [Int64: SymmetricKey] = [:]
        var newest: [Use: Int64] = [:]
    }

    private static let format: UInt8 = 2
    private static let headSize = 9

    private let root: any KeyProvider
    private let database: any Database
    private let ids: any IDSource
    private let state: Mutex<State>

    /// The tables of master keys.
    package static let migrations = [
        Migration(
            number: 230, name: "master keys",
            statements: """
                CREATE TABLE master_keys (
                    id BIGINT NOT NULL PRIMARY KEY,
                    use TEXT NOT NULL,
                    sealed BYTEA NOT NULL,
                    created_at BIGINT NOT NULL
                );
                """)
    ]

    /// Opens the master keys of `database` with the secret `root`, and makes those that are missing. Throws `SealError` when the secret is not
    /// the one.
    package static func open(under root: any KeyProvider, in database: any Database, ids: any IDSource) async throws -> MasterKeys {
        let rows = try await database.read { transaction in
            try transaction.rows("SELECT id, use, sealed FROM master_keys ORDER BY id") { ($0.integer(0), $0.text(1), $0.bytes(2)) }
        }
        var state = State()
        for (id, name, sealed) in rows {
            guard let use = Use(rawValue: name) else { throw SealError() }
            state.keys[id] = SymmetricKey(data: try root.unseal(sealed, for: purpose(id, use)))
            state.newest[use] = id
        }
        let keys = MasterKeys(root, database, ids, state)
        for use in Use.allCases where state.newest[use] == nil { try await keys.renew(use) }
        return keys
    }

    private init(_ root: any KeyProvider, _ database: any Database, _ ids: any IDSource, _ state: State) {
        self.root = root
        self.database = database
        self.ids = ids
        self.state = Mutex(state)
    }

    /// Makes new master keys, under which everything is sealed from now on.
    package func rotate() async throws { for use in Use.allCases { try await renew(use) } }

    private func renew(_ use: Use) async throws {
        let (id, secret) = (ids.nextID(), ids.randomBytes(32))
        let sealed = try root.seal(secret, for: Self.purpose(id, use))
        try await database.write { transaction in
            try transaction.execute(
                "INSERT INTO master_keys (id, use, sealed, created_at) VALUES (\(id), \(use.rawValue), \(sealed), \(transaction.now))")
        }
        state.withLock { state in
            state.keys[id] = SymmetricKey(data: secret)
            state.newest[use] = id
        }
    }

    /// Seals all master keys under another root secret; what opens the installation from its next start on.
    package func move(under newRoot: any KeyProvider) async throws {
        let root = root
        try await database.write { transaction in
            for (id, name, sealed) in try transaction.rows("SELECT id, use, sealed FROM master_keys", { ($0.integer(0), $0.text(1), $0.bytes(2)) }) {
                guard let use = Use(rawValue: name) else { throw SealError() }
                let moved = try newRoot.seal(root.unseal(sealed, for: Self.purpose(id, use)), for: Self.purpose(id, use))
                try transaction.execute("UPDATE master_keys SET sealed = \(moved) WHERE id = \(id)")
            }
        }
    }

    /// Forgets the master keys of `use` that nothing is sealed under any more, for good: all but the newest. The caller has looked.
    package func forgetOld(_ use: Use) async throws -> Int {
        let kept = state.withLock { Set($0.newest.values) }
        let gone = try await database.write { transaction in
            let old = try transaction.rows("SELECT id FROM master_keys WHERE use = \(use.rawValue)") { $0.integer(0) }.filter { !kept.contains($0) }
            for id in old { try transaction.execute("DELETE FROM master_keys WHERE id = \(id)") }
            return old
        }
        state.withLock { state in for id in gone { state.keys[id] = nil } }
        return gone.count
    }

    package func seal(_ plaintext: [UInt8], for purpose: String) throws -> [UInt8] {
        let (id, key) = state.withLock { state in
            let id = state.newest[Use(of: purpose)] ?? 0
            return (id, state.keys[id])
        }
        guard let key else { throw SealError() }
        let head = Self.head(id)
        let box = try AES.GCM.seal(plaintext, using: Self.derive(key, purpose), authenticating: head + purpose.utf8)
        return head + box.nonce + box.ciphertext + box.tag
    }

    package func unseal(_ sealed: [UInt8], for purpose: String) throws -> [UInt8] {
        guard sealed.first == Self.format else { return try root.unseal(sealed, for: purpose) }
        guard let id = Self.id(of: sealed), let key = state.withLock({ $0.keys[id] }) else { throw SealError() }
        do {
            let box = try AES.GCM.SealedBox(combined: sealed[Self.headSize...])
            return Array(try AES.GCM.open(box, using: Self.derive(key, purpose), authenticating: Self.head(id) + purpose.utf8))
        } catch {
            throw SealError()
        }
    }

    package func isCurrent(_ sealed: [UInt8], for purpose: String) -> Bool {
        sealed.first == Self.format && Self.id(of: sealed) == state.withLock { $0.newest[Use(of: purpose)] }
    }

    private static func head(_ id: Int64) -> [UInt8] { [format] + withUnsafeBytes(of: id.bigEndian) { Array($0) } }

    private static func id(of sealed: [UInt8]) -> Int64? {
        guard sealed.count > headSize else { return nil }
        return sealed[1..<headSize].reduce(0) { $0 << 8 | Int64($1) }
    }

    private static func derive(_ key: SymmetricKey, _ purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: key, salt: Array("berth master key".utf8), info: Array(purpose.utf8), outputByteCount: 32)
    }

    private static func purpose(_ id: Int64, _ use: Use) -> String { "berth master key v1|\(use.rawValue)|\(id)" }
}
