import KMS
import LocalKeyProvider
import Stores
import TestSupport
import Testing

/// Master keys: what they seal names them, and outlives rotation.
@Suite struct MasterKeysTests {
    private let installation: TestInstallation
    private let root = InMemoryKeyProvider()

    init() async throws {
        installation = try TestInstallation()
        for migration in MasterKeys.migrations {
            try await installation.sqlite.write { transaction in
                for statement in migration.statements.split(separator: ";") where statement.contains("CREATE") {
                    try transaction.execute(SQL(stringLiteral: String(statement)))
                }
            }
        }
    }

    private func open() async throws -> MasterKeys { try await MasterKeys.open(under: root, in: installation.sqlite, ids: installation.ids) }

    @Test func theyOpenWhatTheySealedAfterARestartAndARotation() async throws {
        let keys = try await open()
        let purposes = ["access key AKIA", "berth repository key v1|x"]
        let sealed = try purposes.map { try keys.seal([1, 2, 3], for: $0) }
        let restarted = try await open()
        try await restarted.rotate()
        for (purpose, sealed) in zip(purposes, sealed) {
            #expect(try restarted.unseal(sealed, for: purpose) == [1, 2, 3])
            #expect(!restarted.isCurrent(sealed, for: purpose) && keys.isCurrent(sealed, for: purpose))
            let new = try restarted.seal([1, 2, 3], for: purpose)
            #expect(restarted.isCurrent(new, for: purpose))
            #expect(throws: SealError.self) { try keys.unseal(new, for: purpose) }
            #expect(throws: SealError.self) { try restarted.unseal(sealed, for: purpose + "x") }
        }
        #expect(try await restarted.forgetOld(.content) == 1)
        #expect(try restarted.unseal(sealed[0], for: purposes[0]) == [1, 2, 3], "those of secrets stay")
        #expect(throws: SealError.self) { try restarted.unseal(sealed[1], for: purposes[1]) }
    }

    /// The material of KMS keys, all its versions, is sealed under the newest, so that the old one can go.
    @Test func theMaterialOfKMSKeysIsRewrapped() async throws {
        let master = try await open()
        let ring = kms(master).ring(installation.account, installation.region)
        let key = try await ring.createKey(description: "", policy: ring.defaultPolicy, tags: [])
        let first = try await ring.encrypt([1, 2, 3], under: key, context: [:])
        try await ring.rotate(key)
        let second = try await ring.encrypt([4], under: key, context: [:])
        try await master.rotate()
        #expect(try await kms(master).rewrapMaterials() == 2)
        #expect(try await kms(master).rewrapMaterials() == 0)
        #expect(try await master.forgetOld(.secrets) == 1)

        let restarted = kms(try await open()).ring(installation.account, installation.region)
        #expect(try await restarted.decrypt(Ciphertext(first), under: key, context: [:]) == [1, 2, 3])
        #expect(try await restarted.decrypt(Ciphertext(second), under: key, context: [:]) == [4])
    }

    private func kms(_ keys: MasterKeys) -> KMSServices {
        KMSServices(database: installation.sqlite, keys: keys, clock: installation.clock, ids: installation.ids)
    }

    @Test func whatTheRootSealedIsOpenedAndOutdated() async throws {
        let keys = try await open()
        let old = try root.seal([7], for: "access key AKIA")
        guard old.first != 2 else { return }
        #expect(try keys.unseal(old, for: "access key AKIA") == [7])
        #expect(!keys.isCurrent(old, for: "access key AKIA"))
    }

    @Test func anotherRootOpensNothingUntilTheyMove() async throws {
        let keys = try await open()
        let sealed = try keys.seal([9], for: "token key x")
        let other = InMemoryKeyProvider()
        await #expect(throws: SealError.self) { try await MasterKeys.open(under: other, in: installation.sqlite, ids: installation.ids) }
        try await keys.move(under: other)
        let moved = try await MasterKeys.open(under: other, in: installation.sqlite, ids: installation.ids)
        #expect(try moved.unseal(sealed, for: "token key x") == [9])
        await #expect(throws: SealError.self) { try await open() }
    }

    @Test(arguments: [0, 1, 8, 9, 20, -1]) func whatWasChangedIsNotOpened(_ place: Int) async throws {
        let keys = try await open()
        var sealed = try keys.seal([9], for: "token key x")
        sealed[place < 0 ? sealed.count + place : place] ^= 1
        #expect(throws: SealError.self) { try keys.unseal(sealed, for: "token key x") }
    }

    /// A passphrase and the salt that the first start made are the root key, and neither is without the other.
    @Test func aPassphraseIsARootKey() throws {
        let (salt, words) = (installation.folder.file("root.salt"), Array("correct horse battery".utf8))
        #expect(throws: RootKeyError.missing(path: salt)) { try RootKeyFile(passphrase: words, salt: salt, mayCreate: false) }
        let sealed = try RootKeyFile(passphrase: words, salt: salt, mayCreate: true).seal([1, 2], for: "x")
        #expect(try RootKeyFile(passphrase: words, salt: salt, mayCreate: false).unseal(sealed, for: "x") == [1, 2])
        let other = try RootKeyFile(passphrase: words + words, salt: salt, mayCreate: false)
        #expect(throws: SealError.self) { try other.unseal(sealed, for: "x") }
    }
}
