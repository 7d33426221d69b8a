import AWSCore
import Stores

/// What the KMS keys of an installation stand on.
package struct KMSServices: Sendable {
    package let database: any Database
    /// Seals key material.
    package let keys: any KeyProvider
    package let clock: any WallClock
    package let ids: any IDSource
    package let limits: KMSLimits
    let usableReads = ReadCache<UseOfKey, UsableKey>(capacity: 4096)

    package init(
        database: any Database, keys: any KeyProvider, clock: any WallClock = SystemClock(), ids: any IDSource = SystemIDs(),
        limits: KMSLimits = KMSLimits()
    ) {
        self.database = database
        self.keys = keys
        self.clock = clock
        self.ids = ids
        self.limits = limits
    }

    /// The keys of an account in a region; it needs no creation.
    package func ring(_ account: AccountID, _ region: Region) -> KeyRing { KeyRing(account: account, region: region, services: self) }
}

/// The sizes and counts that KMS enforces.
///
/// Source: AWS KMS developer guide, "Resource quotas".
package struct KMSLimits: Sendable {
    /// Of an account in a region, without those that AWS's services make.
    package var keys = 100_000
    package var aliasesPerKey = 50
    package var grantsPerKey = 50_000
    package var tagsPerKey = 50
    /// In characters.
    package var policyLength = 32_768
    /// Of one key, in its life.
    package var rotationsOnDemand = 25

    package init() {}
}

/// The KMS keys, aliases and grants of one account in one region, and everything that can be done with them. The rules are in extensions, one file for
/// each; they throw `KeyFailure` for what a caller may be told. Nothing here asks who is calling: `KeyAuthorizer` did before.
package struct KeyRing: Sendable {
    package let account: AccountID
    package let region: Region
    let services: KMSServices

    var database: any Database { services.database }
    var ids: any IDSource { services.ids }
    package var limits: KMSLimits { services.limits }

    /// The ARN of a key or alias of this account and region: `resource` is `key/…` or `alias/…`.
    package func arn(_ resource: String) -> ARN {
        ARN(service: "kms", region: region.description, account: account.description, resource: resource)
    }
}
