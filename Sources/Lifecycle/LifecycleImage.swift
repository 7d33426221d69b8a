/// What the rules of a policy ask of an image. Times are milliseconds since 1970.
package struct LifecycleImage: Hashable, Sendable {
    package let tags: [String]
    package let storageClass: LifecycleRule.StorageClass
    package let pushedAt: Int64
    /// The last pull that was recorded.
    package let pulledAt: Int64?
    /// When it came to the archive last.
    package let archivedAt: Int64?
    /// When it came back from the archive last.
    package let activatedAt: Int64?

    package init(
        tags: [String], storageClass: LifecycleRule.StorageClass = .standard, pushedAt: Int64, pulledAt: Int64? = nil, archivedAt: Int64? = nil,
        activatedAt: Int64? = nil
    ) {
        self.tags = tags
        self.storageClass = storageClass
        self.pushedAt = pushedAt
        self.pulledAt = pulledAt
        self.archivedAt = archivedAt
        self.activatedAt = activatedAt
    }

    /// When it was new: what came back from the archive is as new as that.
    package var newSince: Int64 { activatedAt ?? pushedAt }

    /// The last sign that somebody wants it.
    var wantedSince: Int64 {
        guard let pulledAt else { return newSince }
        return max(pulledAt, activatedAt ?? pulledAt)
    }
}
