/// One evaluation of a policy over the images of a repository, fed one after the other, the newest first (`LifecycleImage.newSince`).
///
/// It holds one number for each rule, so it needs no more memory for a million images than for one. A value: what it was before a
/// page of images is kept by keeping a copy.
package struct LifecycleEvaluation: Hashable, Sendable {
    private static let day: Int64 = 24 * 3600 * 1000

    package let policy: LifecyclePolicy
    /// The moment that ages are measured at, in milliseconds since 1970.
    package let now: Int64
    /// How many images each rule has selected so far, in the order of the rules.
    package private(set) var selected: [Int]

    /// An evaluation at `now`; with `selected`, one that goes on where another one stopped.
    package init(_ policy: LifecyclePolicy, now: Int64, selected: [Int] = []) {
        self.policy = policy
        self.now = now
        self.selected = selected.count == policy.rules.count ? selected : policy.rules.map { _ in 0 }
    }

    /// What the policy says of the next image; nil when no rule claims it. All rules that select it count it, the first claims it,
    /// and no other can take it.
    package mutating func verdict(on image: LifecycleImage) -> LifecycleVerdict? {
        var claim: LifecycleVerdict?
        for (index, rule) in policy.rules.enumerated() where rule.selects(image) {
            selected[index] += 1
            if claim == nil { claim = LifecycleVerdict(rule: rule, cause: cause(rule, image, position: selected[index])) }
        }
        return claim
    }

    private func cause(_ rule: LifecycleRule, _ image: LifecycleImage, position: Int) -> LifecycleVerdict.Cause {
        switch rule.criterion {
        case .countMoreThan(let limit): .position(position, limit: limit)
        case .sincePushed(let days): .age(now - image.newSince, limit: Int64(days) * Self.day)
        case .sincePulled(let days): .age(now - image.wantedSince, limit: Int64(days) * Self.day)
        case .sinceTransitioned(let days): .age(now - (image.archivedAt ?? now), limit: Int64(days) * Self.day)
        }
    }
}

/// What a policy says of an image: the rule that claims it, and whether that takes it.
package struct LifecycleVerdict: Hashable, Sendable {
    /// What a rule looked at, and where its limit is.
    package enum Cause: Hashable, Sendable {
        /// The image is the so manieth of the rule's, the newest being the first.
        case position(Int, limit: Int)
        /// How long ago it was pushed, pulled or archived, and how long it may be; in milliseconds.
        case age(Int64, limit: Int64)
    }

    package let rule: LifecycleRule
    package let cause: Cause

    /// True when the image is beyond the rule's limit.
    package var isTaken: Bool {
        switch cause {
        case .position(let position, let limit): position > limit
        case .age(let age, let limit): age > limit
        }
    }

    /// What is to become of the image; nil when it stays.
    package var action: LifecycleRule.Action? { isTaken ? rule.action : nil }
}
