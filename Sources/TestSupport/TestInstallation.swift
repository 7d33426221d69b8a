import AWSCore
import Authorization
import FileBlobStore
import IAM
import Identity
import KMS
import Logging
import RegistryCore
import SQLiteDatabase
import Stores

/// An installation in a temporary folder: SQLite and files, a fixed clock, seeded ids, one account.
package struct TestInstallation: Sendable {
    package let folder: TemporaryFolder
    /// The database itself; `services.database` is `recording`, which runs on it.
    package let sqlite: SQLiteDatabase
    package let recording: RecordingDatabase
    /// Fails when told to; the files lie behind it.
    package let blobs: FaultyBlobStore
    /// The same of archived images' layers.
    package let archive: FaultyBlobStore
    package let clock: FixedClock
    package let ids: SeededIDs
    package let keys: InMemoryKeyProvider
    package let services: RegistryServices
    package let account: AccountID
    package let region: Region

    /// All migrations of all modules, as `berth` applies them.
    package static let migrations = RegistrySchema.migrations + IdentitySchema.migrations + KMSSchema.migrations + AuthorizationChanges.migrations

    package init(
        account: String = "123456789012", region: String = "us-east-1", limits: Limits = Limits(), rates: Rates = .unlimited,
        events: Set<EventDestination> = [], encryptsAtRest: Bool = true, seed: UInt64 = 1, dataKeys: (any DataKeys)? = nil
    ) throws {
        guard let account = AccountID(account), let region = Region(region) else { throw TestSetupError("\(account), \(region)") }
        self.account = account
        self.region = region
        folder = try TemporaryFolder()
        clock = FixedClock()
        ids = SeededIDs(seed: seed)
        keys = InMemoryKeyProvider()
        sqlite = try SQLiteDatabase(path: folder.file("berth.sqlite"), migrations: Self.migrations, clock: clock)
        recording = RecordingDatabase(sqlite)
        let policies = CurrentPolicies(database: recording)
        authorizer = Authorizer(now: { [clock] in clock.now.milliseconds }) { try await policies.facts(for: $0, $1, $2) }
        blobs = FaultyBlobStore(try FileBlobStore(root: folder.file("store")))
        archive = FaultyBlobStore(try FileBlobStore(root: folder.file("archive")))
        kms = KMSServices(database: recording, keys: keys, clock: clock, ids: ids)
        let keyAccess = KeyAuthorizer(database: recording, authorizer: authorizer)
        services = RegistryServices(
            database: recording, blobs: blobs, archive: archive, clock: clock, ids: ids, keys: keys,
            dataKeys: dataKeys ?? LocalDataKeys(kms),
            keyPermission: { [kms, keyAccess] in try await keyAccess.requireUseByECR(of: $0, named: $1, for: $2, $3, in: kms) },
            encryptsAtRest: encryptsAtRest, limits: limits, rates: rates, events: events,
            log: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// The KMS keys of this installation.
    package let kms: KMSServices

    /// The accounts of this installation.
    package var identity: IdentityServices { IdentityServices(database: services.database, keys: keys, clock: clock, ids: ids) }

    /// What decides for this installation.
    package let authorizer: Authorizer

    /// The registry of the installation's account and region.
    package var registry: Registry { services.registry(RegistryID(account: account, region: region)) }

    /// The registry of another account or region.
    package func registry(account: String? = nil, region: String? = nil) throws -> Registry {
        guard let account = account.map({ AccountID($0) }) ?? self.account, let region = region.map({ Region($0) }) ?? self.region
        else { throw TestSetupError("\(account ?? ""), \(region ?? "")") }
        return services.registry(RegistryID(account: account, region: region))
    }

    /// The root of the installation's account.
    package var root: Caller { root(accessKeyID: "AKIAIOSFODNN7EXAMPLE") }

    /// The root of the installation's account, by one of its access keys.
    package func root(accessKeyID: String) -> Caller { .root(of: account, accessKeyID: accessKeyID, region: region) }

    /// The context of a request that `caller` (nil: root) makes over TLS.
    package func context(_ caller: Caller? = nil, from sourceIP: String = "192.0.2.1") -> RequestContext {
        let caller = caller ?? root
        return RequestContext(
            caller: caller, region: caller.region, requestID: "00000000-0000-4000-8000-000000000000", sourceIP: sourceIP, isSecure: true,
            userAgent: "berth-tests", origin: "https://registry.test")
    }
}

/// A test was set up with something that cannot be.
package struct TestSetupError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
