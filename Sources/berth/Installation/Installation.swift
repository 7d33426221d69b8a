import AWSCore
import Authorization
import FileBlobStore
import Foundation
import IAM
import Identity
import KMS
import LocalKeyProvider
import Logging
import OpenIDDiscovery
import RegistryCore
import RemoteKMS
import SQLiteDatabase
import Stores

/// An opened data folder: its lock, its stores, and the modules that stand on them. This is where the adapters are chosen.
struct Installation: Sendable {
    let folder: DataFolder
    /// The default account, as the data record it.
    let account: AccountID
    let services: RegistryServices
    let identity: IdentityServices
    /// The KMS keys that are held here.
    let keys: KMSServices
    let authorizer: Authorizer
    /// The keys of a service elsewhere; nil when all are held here.
    private let remoteKeys: RemoteKeys?
    let masterKeys: MasterKeys
    private let database: SQLiteDatabase
    private let lock: FolderLock

    /// Opens the folder of `settings`, which is made when it is not there. Throws `Refusal` when another process has it,
    /// `SchemaError` when a newer program used it, `OtherAccount` when it belongs to another account.
    static func open(_ settings: Settings, log: Logger) async throws -> Installation {
        let remote = try settings.kms.map(RemoteKeys.init)
        do {
            return try await open(settings, with: remote, log: log)
        } catch {
            // A client that is left open when it goes ends the process, and nobody would read why.
            try await remote?.transport.close()
            throw error
        }
    }

    private static func open(_ settings: Settings, with remote: RemoteKeys?, log: Logger) async throws -> Installation {
        let folder = settings.data
        try folder.create()
        let lock = try FolderLock(of: folder)
        try folder.requireDatabaseOfObjects()
        // The key comes first, so that a database without one means that a key was lost.
        let isNew = !FileManager.default.fileExists(atPath: folder.database)
        let root = try await RootSecret(settings: settings, isNew: isNew, log: log).open(with: remote)
        let database = try SQLiteDatabase(
            path: folder.database, migrations: migrations, reserve: reservedSpace)
        let keys = try await MasterKeys.open(under: root, in: database, ids: SystemIDs())
        let accounts = Accounts(database: database)
        let recorded = try await accounts.recorded()
        let account = settings.account ?? recorded ?? .zeros
        try await accounts.establish(account)

        var limits = settings.limits
        limits.verificationLife = settings.verifyReads.life
        let kms = KMSServices(database: database, keys: keys)
        let policies = CurrentPolicies(database: database)
        let authorizer = Authorizer(now: { SystemClock().now.milliseconds }) { try await policies.facts(for: $0, $1, $2) }
        let keyAccess = KeyAuthorizer(database: database, authorizer: authorizer)
        let services = RegistryServices(
            database: database, blobs: try FileBlobStore(root: folder.blobs, folders: ObjectKey.folders),
            archive: try FileBlobStore(root: settings.archive), keys: keys,
            dataKeys: remote.map { DataKeysOfTwo(LocalDataKeys(kms), otherwise: $0.keys) } ?? LocalDataKeys(kms),
            keyPermission: { try await keyAccess.requireUseByECR(of: $0, named: $1, for: $2, $3, in: kms) },
            encryptsAtRest: settings.isEncrypting, limits: limits, rates: settings.rates, events: settings.events.destinations, log: log)
        return Installation(
            folder: folder, account: account, services: services,
            identity: IdentityServices(
                database: database, keys: keys, clock: services.clock, ids: services.ids,
                issuerKeys: try Discovery(authorityFile: settings.issuerAuthority, networks: settings.issuerNetworks),
                tokensOutliveSessions: settings.fullTokenLife),
            keys: kms,
            authorizer: authorizer, remoteKeys: remote, masterKeys: keys, database: database, lock: lock)
    }

    /// What deletions have on a full device, in bytes.
    private static let reservedSpace = 8 << 20

    /// Those of all modules.
    static let migrations =
        RegistrySchema.migrations + IdentitySchema.migrations + KMSSchema.migrations + AuthorizationChanges.migrations
        + MasterKeys.migrations

    /// Writes one state of the database to a new file at `path`, while everything else goes on.
    func copyDatabase(to path: String) async throws { try await database.copy(to: path) }

    /// What is wrong with the file of the database itself, in words; the indexes are compared with the tables unless it `isQuick`.
    func checkDatabase(isQuick: Bool) async throws -> [String] { try await database.integrityCheck(isQuick: isQuick) }

    /// Closes the database and gives the lock back.
    func close() async throws {
        try await remoteKeys?.transport.close()
        try await database.close()
    }

    /// Lets the reaper have what processes before this one had not done with; for a server that has just begun.
    func releaseCopies() async {
        do {
            try await services.releaseCopies()
        } catch {
            // A device that has not even room for this; what waits is looked at in a week, or after the next start.
            services.log.warning("what a process before had not done with stays", metadata: ["error": "\(error)"])
        }
    }

    /// Makes the root access key of a new installation; does nothing when there is one.
    func makeFirstRootKey() async throws {
        if try await !identity.accessKeys.hasRootKey(of: account) { _ = try await makeRootKey(of: account) }
    }

    /// Replaces the root access key of an account, and leaves the new one in a file of the folder; the file.
    func makeRootKey(of account: AccountID) async throws -> String {
        let key = try await identity.accessKeys.resetRootKey(of: account)
        let file = account == self.account ? folder.clientCredentials : folder.clientCredentials(of: account)
        try RootCredentials(accessKeyID: key.id, secretAccessKey: key.secret).write(to: file)
        return file
    }

    var accounts: Accounts { Accounts(database: database) }
}
