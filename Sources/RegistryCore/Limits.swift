/// Sizes and counts that Berth enforces; the defaults are ECR's unless said.
///
/// Source: Amazon ECR user guide, "Service quotas".
package struct Limits: Sendable {
    /// The largest layer, in bytes: 52,000 MiB.
    package var layerBytes: Int64 = 52_000 << 20
    /// The largest part of UploadLayerPart, in bytes: 10 MiB.
    package var layerPartBytes = 10 << 20
    /// The smallest part that is not the last, in bytes: 5 MiB.
    package var smallestLayerPartBytes: Int64 = 5 << 20
    /// The part size that InitiateLayerUpload advises, in bytes: 10 MiB.
    package var advisedLayerPartBytes = 10 << 20
    /// The largest manifest, in bytes: 4 MiB.
    package var manifestBytes = 4 << 20
    /// Repositories in one registry.
    package var repositories = 100_000
    /// The largest layer of a public repository, in bytes: 10,000 MiB.
    package var publicLayerBytes: Int64 = 10_000 << 20
    /// As `layerParts` in a public repository.
    package var publicLayerParts: Int64?
    /// Repositories in one public registry.
    package var publicRepositories = 10_000
    /// Images in one public repository.
    package var publicImagesPerRepository = 100_000
    /// Tags on one image of a public repository.
    package var publicTagsPerImage = 1_000
    /// What an address may pull of public layers in a month without credentials, in bytes: 500 GB; nil for any number.
    package var publicAnonymousBytes: Int64? = 500_000_000_000
    /// Characters of a lifecycle policy, and its rules.
    package var lifecyclePolicyCharacters = 30_720
    package var lifecyclePolicyRules = 50
    /// Images in one repository.
    package var imagesPerRepository = 100_000
    /// Tags on one image.
    package var tagsPerImage = 1_000
    /// Resource tags on one repository.
    package var resourceTags = 50
    /// Parts of one upload by ECR's layer API; nil for any number. (ECR's 4,200 parts of 10 MiB are less than its largest layer.)
    package var layerParts: Int64?
    /// Templates of one registry.
    package var creationTemplates = 50
    /// Principals of one registry whose pulls are not recorded.
    package var pullTimeExclusions = 100
    /// What a repository may hold, and an account in all regions together; nil for any number.
    package var bytesPerRepository: Int64?
    package var imagesPerAccount: Int64?
    package var bytesPerAccount: Int64?
    /// How long a blob that was found, pushed or mounted stays although no manifest names it yet (promise P4).
    package var blobLease = Duration.seconds(24 * 3600)
    /// How long an upload session lives after its last use.
    package var uploadSession = Duration.seconds(24 * 3600)
    /// How long a download URL of GetDownloadUrlForLayer works.
    package var downloadLink = Duration.seconds(3600)
    /// How long after the beginning of a pass over all blobs the next begins: a week.
    package var scrubInterval = Duration.seconds(7 * 24 * 3600)
    /// How long a blob that was written, or read and found right, is given out without being hashed again; nil: for ever.
    package var verificationLife: Duration? = .seconds(3600)

    /// How long an event waits for a destination that does not take it.
    package var eventRetention = Duration.seconds(7 * 24 * 3600)
    /// How many events wait at most; beyond it the oldest are dropped.
    package var eventBacklog = 1_000_000
    /// How many of them are kept while no destination is set, for the first one that will be.
    package var unclaimedEvents = 10_000

    package init() {}

    /// The same in a public registry, which has limits of its own.
    var ofPublicRegistries: Limits {
        var limits = self
        limits.layerBytes = publicLayerBytes
        limits.layerParts = publicLayerParts
        limits.repositories = publicRepositories
        limits.imagesPerRepository = publicImagesPerRepository
        limits.tagsPerImage = publicTagsPerImage
        return limits
    }
}
