import IAM
import OCI

/// Whether tags may move to another image: one of ECR's four modes, with the exclusions of two of them.
///
/// Source: Amazon ECR user guide, "Preventing image tags from being overwritten".
package struct TagMutability: Hashable, Sendable {
    /// ECR's `imageTagMutability`; the raw value is the wire form.
    package enum Mode: String, Sendable, CaseIterable {
        case mutable = "MUTABLE"
        case immutable = "IMMUTABLE"
        case mutableWithExclusion = "MUTABLE_WITH_EXCLUSION"
        case immutableWithExclusion = "IMMUTABLE_WITH_EXCLUSION"

        /// True of the two modes that need filters.
        package var takesExclusions: Bool { self == .mutableWithExclusion || self == .immutableWithExclusion }
    }

    package let mode: Mode
    /// Wildcard patterns of tags to which the opposite of the mode applies: 1 to 5 with an exclusion mode, else none.
    package let exclusions: [String]

    package init(mode: Mode, exclusions: [String] = []) {
        self.mode = mode
        self.exclusions = exclusions
    }

    /// Tags may move.
    package static let mutable = TagMutability(mode: .mutable)

    /// True when `tag` may move to another image.
    package func allowsMoving(_ tag: ImageTag) -> Bool {
        switch mode {
        case .mutable: true
        case .immutable: false
        case .mutableWithExclusion: !isExcluded(tag)
        case .immutableWithExclusion: isExcluded(tag)
        }
    }

    private func isExcluded(_ tag: ImageTag) -> Bool {
        exclusions.contains { Wildcard($0).matches(tag.description) }
    }
}
