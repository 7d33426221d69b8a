import Testing

@testable import Lifecycle

/// What rules claim, count and take.
@Suite struct EvaluationTests {
    private let day: Int64 = 24 * 3600 * 1000
    private let now: Int64 = 1_000 * 24 * 3600 * 1000

    /// The images of ECR's examples of several rules, the newest first: C, B, A.
    private var images: [(name: String, image: LifecycleImage)] {
        [
            ("C", LifecycleImage(tags: ["beta-3"], pushedAt: now - 8 * day)),
            ("B", LifecycleImage(tags: ["beta-2", "prod-2"], pushedAt: now - 9 * day)),
            ("A", LifecycleImage(tags: ["beta-1", "prod-1"], pushedAt: now - 10 * day)),
        ]
    }

    /// ECR user guide, "Examples of lifecycle policies", filtering on several rules: example A and example B.
    @Test(arguments: [(["prod", "beta"], ["A"]), (["beta", "prod"], ["B", "A"])])
    func claimsForTheFirstRule(_ prefixes: [String], _ expired: [String]) throws {
        let rules = zip(1..., prefixes).map { rule($0, .prefixes([$1]), .countMoreThan(1)) }
        #expect(try taken(rules, images) == expired)
    }

    @Test func lowerRulesCountWhatHigherRulesClaimed() throws {
        // The two of prod are counted by the rule for all, which therefore is full when C's turn would be.
        let images = images.map { ($0.name, LifecycleImage(tags: $0.image.tags, pushedAt: 2 * now - $0.image.pushedAt)) }.reversed()
        let rules = [rule(1, .prefixes(["prod"]), .countMoreThan(5)), rule(2, .any, .countMoreThan(2))]
        #expect(try taken(rules, Array(images)) == ["C"])
    }

    @Test func needsAllEntriesOfAList() throws {
        let images = [("one", image(["alpha1"])), ("both", image(["alpha2", "beta2"])), ("none", image([]))]
        #expect(try taken([rule(1, .prefixes(["alpha", "beta"]), .sincePushed(days: 1))], images) == ["both"])
        let patterns = try ["a*", "*2"].map { try #require(TagPattern($0)) }
        #expect(try taken([rule(1, .patterns(patterns), .sincePushed(days: 1))], images) == ["both"])
        #expect(try taken([rule(1, .untagged, .sincePushed(days: 1))], images) == ["none"])
    }

    @Test func takesWhatIsOlderThanTheDaysAndNotWhatIsAsOld() throws {
        let images = [
            ("as old", LifecycleImage(tags: [], pushedAt: now - 3 * day)), ("older", LifecycleImage(tags: [], pushedAt: now - 3 * day - 1)),
        ]
        #expect(try taken([rule(1, .any, .sincePushed(days: 3))], images) == ["older"])
    }

    /// The last pull counts, else the push; after a restore that, until the next pull.
    @Test func looksAtTheLastSignOfInterest() throws {
        let old = now - 100 * day
        let images = [
            ("never pulled", LifecycleImage(tags: [], pushedAt: old)),
            ("pulled lately", LifecycleImage(tags: [], pushedAt: old, pulledAt: now - day)),
            ("pulled long ago", LifecycleImage(tags: [], pushedAt: old, pulledAt: old + day)),
            ("restored lately", LifecycleImage(tags: [], pushedAt: old, pulledAt: old + day, activatedAt: now - day)),
            ("restored long ago", LifecycleImage(tags: [], pushedAt: old, activatedAt: now - 50 * day)),
        ]
        #expect(try taken([rule(1, .any, .sincePulled(days: 30))], images) == ["never pulled", "pulled long ago", "restored long ago"])
        #expect(
            try taken([rule(1, .any, .sincePushed(days: 30))], images) == ["never pulled", "pulled lately", "pulled long ago", "restored long ago"])
    }

    @Test func keepsStorageClassesApart() throws {
        let archived = LifecycleImage(tags: [], storageClass: .archive, pushedAt: now - 900 * day, archivedAt: now - 91 * day)
        let lately = LifecycleImage(tags: [], storageClass: .archive, pushedAt: now - 900 * day, archivedAt: now - 90 * day)
        let images = [("active", image([])), ("lately", lately), ("long ago", archived)]
        #expect(try taken([rule(1, .any, .sincePushed(days: 1))], images) == ["active"])
        #expect(try taken([rule(1, .any, .sinceTransitioned(days: 90), .archive)], images) == ["long ago"])
    }

    @Test func goesOnWhereItStopped() throws {
        let policy = try policy([rule(1, .any, .countMoreThan(2))])
        var whole = LifecycleEvaluation(policy, now: now)
        let expected = images.map { whole.verdict(on: $0.image) }
        var parts: [LifecycleVerdict?] = []
        var selected: [Int] = []
        for (_, image) in images {
            var part = LifecycleEvaluation(policy, now: now, selected: selected)
            parts.append(part.verdict(on: image))
            selected = part.selected
        }
        #expect(parts == expected)
        #expect(expected.map { $0?.cause } == [.position(1, limit: 2), .position(2, limit: 2), .position(3, limit: 2)])
        #expect(expected.map { $0?.action } == [nil, nil, .expire])
    }

    private func image(_ tags: [String]) -> LifecycleImage { LifecycleImage(tags: tags, pushedAt: now - 100 * day) }

    private func rule(
        _ priority: Int, _ tags: LifecycleRule.TagRequirement, _ criterion: LifecycleRule.Criterion,
        _ storageClass: LifecycleRule.StorageClass = .standard
    ) -> LifecycleRule {
        LifecycleRule(priority: priority, description: nil, tags: tags, storageClass: storageClass, criterion: criterion, action: .expire)
    }

    private func policy(_ rules: [LifecycleRule]) throws -> LifecyclePolicy { try LifecyclePolicy(rules.policyText) }

    /// The names of the images that these rules take of `images`, which are in the order of the evaluation.
    private func taken(_ rules: [LifecycleRule], _ images: [(name: String, image: LifecycleImage)]) throws -> [String] {
        var evaluation = LifecycleEvaluation(try policy(rules), now: now)
        return images.filter { evaluation.verdict(on: $0.image)?.isTaken == true }.map(\.name)
    }
}
