/// One rule of a lifecycle policy.
package struct LifecycleRule: Hashable, Sendable {
    /// Where the images are that a rule speaks of.
    package enum StorageClass: String, CaseIterable, Sendable {
        case standard
        case archive
    }

    /// What an image's tags must be for a rule to claim it.
    package enum TagRequirement: Hashable, Sendable {
        case any
        case untagged
        /// Each is the beginning of some tag of the image.
        case prefixes([String])
        /// Each fits some tag of the image.
        case patterns([TagPattern])
    }

    /// Which of the images of a rule it takes.
    package enum Criterion: Hashable, Sendable {
        /// All but so many of the newest.
        case countMoreThan(Int)
        /// Those that were pushed, or restored from the archive, more than so many days ago.
        case sincePushed(days: Int)
        /// Those that were pulled, pushed or restored more than so many days ago.
        case sincePulled(days: Int)
        /// Those that were archived more than so many days ago.
        case sinceTransitioned(days: Int)
    }

    /// What becomes of an image that a rule takes; the raw value is that of the policy's text.
    package enum Action: String, CaseIterable, Sendable {
        case expire
        /// To the archive, the only other storage class.
        case transition
    }

    /// From 1; the lowest comes first.
    package let priority: Int
    package let description: String?
    package let tags: TagRequirement
    package let storageClass: StorageClass
    package let criterion: Criterion
    package let action: Action

    /// True when the rule counts an image: it is in the rule's storage class and has the tags.
    package func selects(_ image: LifecycleImage) -> Bool {
        guard image.storageClass == storageClass else { return false }
        switch tags {
        case .any: return true
        case .untagged: return image.tags.isEmpty
        case .prefixes(let prefixes): return prefixes.allSatisfy { prefix in image.tags.contains { $0.utf8.starts(with: prefix.utf8) } }
        case .patterns(let patterns): return patterns.allSatisfy { pattern in image.tags.contains { pattern.matches($0) } }
        }
    }
}
