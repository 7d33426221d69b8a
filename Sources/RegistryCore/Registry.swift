import AWSCore
import IAM
import Logging
import OCI
import Stores

/// What every registry of an installation stands on.
package struct RegistryServices: Sendable {
    package let database: any Database
    package let blobs: any BlobStore
    /// Where the bytes go that only archived images need; nil: nowhere.
    package let archive: (any BlobStore)?
    package let clock: any WallClock
    package let ids: any IDSource
    package let keys: any KeyProvider
    /// Where the KMS keys of repositories are.
    package let dataKeys: any DataKeys
    let keyPermission: KeyPermission
    /// Whether what the blob stores take is encrypted, so that a repository can be under a KMS key.
    package let encryptsAtRest: Bool
    package let limits: Limits
    package let log: Logger
    package let events: EventOutbox
    package let throttle: Throttle
    package let pullTimes: PullTimes
    package let anonymousTransfer: AnonymousTransfer
    let uploads = UploadLocks()
    let spareUploads = SpareUploads()
    /// When the bytes of objects were last seen to be right.
    let verified = BoundedCache<ObjectKey, Timestamp>(capacity: 65_536)
    let layerReads = ReadCache<LayerPlace, LayerRecord?>(capacity: 4096)
    let imageReads = ReadCache<ImagePlace, ClosedImage>(capacity: 512)
    let aliasReads = ReadCache<String, AccountID?>(capacity: 1024)
    let pulls = PullCounts()
    let imageStatReads = ReadCache<ImagePlace, ImageStat>(capacity: 4096)
    let repositoryKeys = BoundedCache<Repository, RepositoryKey>(capacity: 1024)
    /// The plaintext of small objects.
    let recent = RecentContent<ObjectKey>(capacity: 32 << 20)
    let frequent = FrequentParts()
    let postponedRestores = PostponedRestores()

    package init(
        database: any Database, blobs: any BlobStore, archive: (any BlobStore)? = nil, clock: any WallClock = SystemClock(),
        ids: any IDSource = SystemIDs(), keys: any KeyProvider, dataKeys: any DataKeys = NoDataKeys(),
        keyPermission: @escaping KeyPermission = { _, _, _, _ in throw KeyFailure(.accessDenied, "Nobody may use KMS keys.") },
        encryptsAtRest: Bool = true,
        limits: Limits = Limits(), rates: Rates = .unlimited, events: Set<EventDestination> = [], log: Logger
    ) {
        self.database = database
        self.blobs = blobs
        self.archive = archive
        self.clock = clock
        self.ids = ids
        self.keys = keys
        self.dataKeys = dataKeys
        self.keyPermission = keyPermission
        self.encryptsAtRest = encryptsAtRest
        self.limits = limits
        self.log = log
        throttle = Throttle(rates, clock: clock)
        anonymousTransfer = AnonymousTransfer(limit: limits.publicAnonymousBytes, clock: clock)
        pullTimes = PullTimes(database: database, clock: clock)
        self.events = EventOutbox(destinations: events, ids: ids)
    }

    /// The registry of an account in a region; it needs no creation.
    package func registry(_ id: RegistryID) -> Registry { Registry(id: id, services: self) }
}

/// One registry and everything that can be done in it. The rules are in extensions, one file for each; they throw
/// `RegistryError` for what a caller may be told. Nothing here asks who is calling: authorization came before.
package struct Registry: Sendable {
    package let id: RegistryID
    let services: RegistryServices
    /// What the request was allowed for; see `relying(on:)`.
    var decidedNames: [DecidedName] = []

    /// Another registry of the same installation.
    package func registry(_ id: RegistryID) -> Registry { services.registry(id) }

    /// The sizes and counts that this registry enforces.
    package var limits: Limits { id.isPublic ? services.limits.ofPublicRegistries : services.limits }

    /// What everybody may pull of public registries.
    package var anonymousTransfer: AnonymousTransfer { services.anonymousTransfer }

    /// Whether repositories can be under KMS keys.
    package var encryptsAtRest: Bool { services.encryptsAtRest }

    var database: any Database { services.database }
    var blobs: any BlobStore { services.blobs }
    var ids: any IDSource { services.ids }
    var events: EventOutbox { services.events }
}
