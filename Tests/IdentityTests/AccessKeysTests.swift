import AWSCore
import Identity
import Stores
import TestSupport
import Testing

@Suite("Access keys") struct AccessKeysTests {
    private let installation: TestInstallation
    private let accessKeys: AccessKeys

    init() async throws {
        installation = try TestInstallation()
        try await Accounts(database: installation.sqlite).establish(installation.account)
        accessKeys = AccessKeys(database: installation.sqlite, keys: installation.keys, ids: installation.ids)
    }

    @Test("A root key has AWS's form, and is found with its secret") func find() async throws {
        #expect(try await !accessKeys.hasRootKey(of: installation.account))
        let key = try await accessKeys.resetRootKey(of: installation.account)
        #expect(key.id.count == 20 && key.id.hasPrefix("AKIA"))
        #expect(key.id.dropFirst(4).allSatisfy { "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".contains($0) })
        #expect(key.secret.count == 40)
        #expect(try await accessKeys.hasRootKey(of: installation.account))
        for _ in 0..<2 {
            let found = try #require(try await accessKeys.find(key.id))
            #expect(found.secret == key.secret)
            #expect(found.account == installation.account)
            #expect(found.isActive)
        }
        #expect(try await accessKeys.find("AKIAUNKNOWNUNKNOWN22") == nil)
        #expect(try await accessKeys.find(key.id.lowercased()) == nil)
    }

    @Test("A reset leaves no older key, in any process") func reset() async throws {
        let first = try await accessKeys.resetRootKey(of: installation.account)
        _ = try await accessKeys.find(first.id)
        let other = AccessKeys(database: installation.sqlite, keys: installation.keys, ids: installation.ids)
        let second = try await other.resetRootKey(of: installation.account)
        #expect(first.id != second.id && first.secret != second.secret)
        #expect(try await accessKeys.find(first.id) == nil)
        #expect(try await accessKeys.find(second.id)?.secret == second.secret)
    }

    @Test("The secret is nowhere in the database in clear") func sealed() async throws {
        let key = try await accessKeys.resetRootKey(of: installation.account)
        let stored = try await installation.sqlite.read { transaction in
            try transaction.rows("SELECT secret FROM access_keys") { $0.bytes(0) }
        }
        #expect(stored.count == 1)
        #expect(!stored[0].contains(key.secret.utf8))
    }

    @Test("A secret put under another key's id does not open") func swapped() async throws {
        let key = try await accessKeys.resetRootKey(of: installation.account)
        _ = try await installation.sqlite.write { try $0.execute("UPDATE access_keys SET id = 'AKIAOTHEROTHEROTHER2'") }
        #expect(try await accessKeys.find(key.id) == nil)
        await #expect(throws: SealError.self) { try await accessKeys.find("AKIAOTHEROTHEROTHER2") }
    }

    @Test("Another root key opens nothing") func otherRootKey() async throws {
        let key = try await accessKeys.resetRootKey(of: installation.account)
        let others = AccessKeys(database: installation.sqlite, keys: InMemoryKeyProvider(), ids: installation.ids)
        await #expect(throws: SealError.self) { try await others.find(key.id) }
    }

    @Test("Signature checks get the secret of active keys only, and of none with a session token") func signers() async throws {
        let credentials = installation.identity.credentials
        let key = try await accessKeys.resetRootKey(of: installation.account)
        guard case .known(key.secret, let caller) = try await credentials.signer(key.id, sessionToken: nil, region: .usEast1) else {
            throw SealError()
        }
        #expect(caller == .root(of: installation.account, accessKeyID: key.id, region: .usEast1))
        guard case .unknown = try await credentials.signer(key.id, sessionToken: "token", region: .usEast1) else { throw SealError() }
        guard case .unknown = try await credentials.signer("ASIAUNKNOWNUNKNOWN22", sessionToken: "token", region: .usEast1) else { throw SealError() }
        _ = try await installation.sqlite.write { transaction in
            try transaction.execute("UPDATE access_keys SET is_active = 0")
            try AuthorizationChanges.advance(transaction)
        }
        guard case .unknown = try await credentials.signer(key.id, sessionToken: nil, region: .usEast1) else { throw SealError() }
    }
}
