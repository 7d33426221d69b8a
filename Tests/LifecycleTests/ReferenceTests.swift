import TestSupport
import Testing

@testable import Lifecycle

/// Random policies on random images, against the rules of the user guide written down one by one.
@Suite struct ReferenceTests {
    private static let day: Int64 = 24 * 3600 * 1000
    private static let now: Int64 = 2_000 * day

    @Test(arguments: 0..<8) func agreesWithTheUserGuide(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var (taken, claimed) = (0, 0)
        for round in 0..<150 {
            guard let policy = try? LifecyclePolicy(Self.rules(&random).policyText) else { continue }
            let images = (0..<Int.random(in: 0...40, using: &random)).map { _ in Self.image(&random) }.sorted { $0.newSince > $1.newSince }
            let expected = Self.reference(policy, images)
            var evaluation = LifecycleEvaluation(policy, now: Self.now)
            let verdicts = images.map { evaluation.verdict(on: $0) }
            #expect(verdicts.map { $0?.rule.priority } == expected.map { $0?.priority }, "seed \(seed) round \(round)")
            #expect(verdicts.map { $0?.isTaken ?? false } == expected.map { $0?.isTaken ?? false }, "seed \(seed) round \(round)")
            taken += verdicts.count { $0?.isTaken == true }
            claimed += verdicts.count { $0 != nil }
        }
        #expect(taken > 100 && claimed > taken + 100, "the policies do too little: \(taken) of \(claimed)")
    }

    /// For each image the priority of the rule that claims it, and whether that takes it; nil when none does.
    private static func reference(_ policy: LifecyclePolicy, _ images: [LifecycleImage]) -> [(priority: Int, isTaken: Bool)?] {
        // All rules are evaluated at the same time, each on all images that it selects, ...
        let marked = policy.rules.map { rule -> Set<Int> in
            let selected = images.indices.filter { selects(rule, images[$0]) }
            switch rule.criterion {
            case .countMoreThan(let count): return Set(selected.dropFirst(count))
            case .sincePushed(let days): return Set(selected.filter { images[$0].activatedAt ?? images[$0].pushedAt < now - Int64(days) * day })
            case .sincePulled(let days):
                return Set(
                    selected.filter {
                        [images[$0].pulledAt ?? 0, images[$0].newSince(unless: images[$0].pulledAt)].max() ?? 0 < now - Int64(days) * day
                    })
            case .sinceTransitioned(let days): return Set(selected.filter { images[$0].archivedAt ?? now < now - Int64(days) * day })
            }
        }
        // ... and then applied by priority: an image is the first rule's that selects it.
        return images.indices.map { index in
            policy.rules.indices.first { selects(policy.rules[$0], images[index]) }.map { (policy.rules[$0].priority, marked[$0].contains(index)) }
        }
    }

    private static func selects(_ rule: LifecycleRule, _ image: LifecycleImage) -> Bool {
        guard rule.storageClass == image.storageClass else { return false }
        return switch rule.tags {
        case .any: true
        case .untagged: image.tags == []
        case .prefixes(let prefixes): prefixes.allSatisfy { prefix in image.tags.contains { $0.hasPrefix(prefix) } }
        case .patterns(let patterns): patterns.allSatisfy { pattern in image.tags.contains { pattern.matches($0) } }
        }
    }

    private static func image(_ random: inout SeededRandom) -> LifecycleImage {
        func time() -> Int64? { Bool.random(using: &random) ? now - Int64.random(in: 0...200 * day, using: &random) : nil }
        let tags = ["a1", "a2", "b1", "b2", "ab"].filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
        let isArchived = Int.random(in: 0..<4, using: &random) == 0
        return LifecycleImage(
            tags: tags, storageClass: isArchived ? .archive : .standard, pushedAt: now - Int64.random(in: 0...300 * day, using: &random),
            pulledAt: time(),
            archivedAt: isArchived ? now - Int64.random(in: 0...200 * day, using: &random) : time(), activatedAt: time())
    }

    private static func rules(_ random: inout SeededRandom) -> [LifecycleRule] {
        (1...Int.random(in: 1...5, using: &random)).map { priority in
            let requirements: [LifecycleRule.TagRequirement] = [
                .any, .untagged, .prefixes(["a"]), .prefixes(["b", "a"]), .prefixes(["a1"]),
                .patterns(["*1", "*b*"].shuffled(using: &random).prefix(1).compactMap { TagPattern($0) }),
                .patterns(["a*", "b*"].compactMap { TagPattern($0) }),
            ]
            let days = Int.random(in: 1...150, using: &random)
            let isArchive = Int.random(in: 0..<4, using: &random) == 0
            let criteria: [LifecycleRule.Criterion] = [
                .countMoreThan(Int.random(in: 1...10, using: &random)), .sincePushed(days: days), .sincePulled(days: days),
            ]
            return LifecycleRule(
                priority: priority, description: nil, tags: requirements.randomElement(using: &random) ?? .any,
                storageClass: isArchive ? .archive : .standard,
                criterion: isArchive ? .sinceTransitioned(days: 90 + days) : criteria.randomElement(using: &random) ?? criteria[0],
                action: !isArchive && Bool.random(using: &random) ? .transition : .expire)
        }
    }
}

extension LifecycleImage {
    /// The time of the restore, else of the push unless there was a pull.
    fileprivate func newSince(unless pulledAt: Int64?) -> Int64 { activatedAt ?? (pulledAt == nil ? pushedAt : 0) }
}
