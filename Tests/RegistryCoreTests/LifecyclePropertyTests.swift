import Lifecycle
import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

/// Random repositories with indexes and referrers under random policies, against what the rules say of one image after the other.
@Suite struct LifecyclePropertyTests {
    /// What a test knows of an image.
    private struct Item {
        let image: TestImage
        /// Where it stands in the order of pushes.
        let number: Int
        let pushedAt: Int64
        var tags: [String]
        let subject: Int?
        let members: [Int]
        var isArchived = false
        var archivedAt: Int64?
        var activatedAt: Int64?
        var pulledAt: Int64?

        var newSince: Int64 { activatedAt ?? pushedAt }
    }

    private enum Outcome: Equatable { case stay, expire, archive }

    @Test(arguments: 0..<12) func doesWhatTheRulesSay(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let installation = try TestInstallation(seed: seed)
        let name = try repository("app")
        _ = try await installation.registry.createRepository(name)
        var items = try await push(&random, installation, name)
        var outcomes: [Outcome] = []
        for _ in 0..<4 {
            installation.clock.advance(by: .seconds(Int64.random(in: 0...120 * 24, using: &random) * 3600))
            try await live(on: &items, &random, installation, name)
            installation.clock.advance(by: .seconds(Int64.random(in: 1...40 * 24, using: &random) * 3600))
            let text = Self.policy(&random)
            let now = installation.clock.now.milliseconds
            let expected = Self.outcomes(of: items, try LifecyclePolicy(text), now: now)
            try await installation.registry.putLifecyclePolicy(text, of: name)
            while try await installation.services.sweepLifecycles(pages: 100) > 0 {}

            for index in items.indices where expected[index] == .archive { (items[index].isArchived, items[index].archivedAt) = (true, now) }
            let left = items.indices.filter { expected[$0] != .expire }.map { items[$0] }
            let found = try await installation.registry.describeImages(in: name, .any, after: nil, limit: 1000).elements
            #expect(Set(found.map(\.digest)) == Set(left.map(\.image.digest)), "\(text)")
            let archived = Set(found.filter { $0.status == .archived }.map(\.digest))
            #expect(archived == Set(left.filter(\.isArchived).map(\.image.digest)), "\(text)")
            outcomes += expected
            items = left
        }
        #expect(try await installation.services.check().isClean)
        #expect(outcomes.count >= 8 && (outcomes.contains(.stay) || outcomes.contains(.expire)), "seed \(seed)")
    }

    /// An image that refers to another shares its fate; any other has that of the first rule that selects it. Neither goes while an
    /// index stays that lists it, and untagged members go to the archive with the last of theirs.
    private static func outcomes(of items: [Item], _ policy: LifecyclePolicy, now: Int64) -> [Outcome] {
        var evaluation = LifecycleEvaluation(policy, now: now)
        var verdicts: [Int: LifecycleVerdict] = [:]
        for item in items.sorted(by: { ($0.newSince, $0.number) > ($1.newSince, $1.number) }) {
            verdicts[item.number] = evaluation.verdict(
                on: LifecycleImage(
                    tags: item.tags, storageClass: item.isArchived ? .archive : .standard, pushedAt: item.pushedAt, pulledAt: item.pulledAt,
                    archivedAt: item.archivedAt, activatedAt: item.activatedAt))
        }
        func outcome(_ item: Item) -> Outcome {
            let parents = items.filter { $0.members.contains(item.number) }
            func permits(_ outcome: Outcome) -> Bool { parents.allSatisfy { allows(outcome, $0) } }
            func allows(_ wanted: Outcome, _ parent: Item) -> Bool {
                let own = outcomeOf(parent)
                return wanted == .expire ? own == .expire : own != .stay || parent.isArchived
            }
            if let subject = item.subject.flatMap({ number in items.first { $0.number == number } }) {
                let own = outcomeOf(subject)
                return own != .stay && permits(own) && !(own == .archive && item.isArchived) ? own : .stay
            }
            let action = verdicts[item.number]?.action
            if action == .expire, permits(.expire) { return .expire }
            guard !item.isArchived, permits(.archive) else { return .stay }
            if action == .transition { return .archive }
            let isLast = parents.contains { outcomeOf($0) == .archive || $0.isArchived && outcomeOf($0) == .stay }
            return item.tags.isEmpty && isLast ? .archive : .stay
        }
        func outcomeOf(_ item: Item) -> Outcome { outcome(item) }
        return items.map(outcome)
    }

    /// Between two evaluations: some images are pulled, and the archive may give back what it has.
    private func live(
        on items: inout [Item], _ random: inout SeededRandom, _ installation: TestInstallation, _ name: RepositoryName
    ) async throws {
        let registry = installation.registry
        // All or nothing: of an index and its members that come back at different times, the policy sees the members first, and leaves them for
        // the next day.
        let isReturning = Bool.random(using: &random)
        for item in items where isReturning && item.isArchived && item.subject == nil && !items.contains(where: { $0.members.contains(item.number) })
        {
            _ = try await registry.setStorageClass(.standard, of: ImageIdentifier(digest: item.image.digest), in: name)
        }
        for item in items where Int.random(in: 0..<3, using: &random) == 0 {
            let found = try await registry.images([ImageIdentifier(digest: item.image.digest)], in: name)
            guard let image = found[0], image.status == .active else { continue }
            registry.notePull(of: image, by: installation.root)
        }
        try await installation.services.pullTimes.write()
        // What goes along is the archive's own rule, and has tests of its own.
        let now = try await registry.describeImages(in: name, .any, after: nil, limit: 1000).elements
        for index in items.indices {
            guard let detail = now.first(where: { $0.digest == items[index].image.digest }) else { continue }
            items[index].isArchived = detail.status == .archived
            (items[index].activatedAt, items[index].pulledAt) = (detail.activatedAt?.milliseconds, detail.lastPulledAt?.milliseconds)
        }
    }

    private func push(_ random: inout SeededRandom, _ installation: TestInstallation, _ name: RepositoryName) async throws -> [Item] {
        var items: [Item] = []
        for number in 0..<Int.random(in: 8...24, using: &random) {
            installation.clock.advance(by: .seconds(Int64.random(in: 0...72, using: &random) * 3600))
            let others = items.filter { $0.subject == nil && $0.members.isEmpty }.shuffled(using: &random)
            var (image, subject, members) = (TestImage.image(seed: UInt64(1000 + number), layers: [64]), Int?.none, [Int]())
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                if !others.isEmpty {
                    members = others.prefix(Int.random(in: 1...3, using: &random)).map(\.number)
                    image = TestImage.index(of: members.map { items[$0].image })
                }
            case 2:
                if let other = items.randomElement(using: &random) {
                    subject = other.number
                    image = TestImage.artifact("application/vnd.example.note", of: other.image, seed: UInt64(number), size: 32)
                }
            default: break
            }
            // The same members again would be the same index.
            guard !items.contains(where: { $0.image.digest == image.digest }) else { continue }
            let tags = ["a1", "a2", "b1", "b2", "c"].filter { _ in Int.random(in: 0..<5, using: &random) == 0 }
            for index in items.indices { items[index].tags.removeAll { tags.contains($0) } }
            try await installation.registry.push(image, to: name, tags: tags.compactMap { ImageTag($0) })
            items.append(
                Item(
                    image: image, number: items.count, pushedAt: installation.clock.now.milliseconds, tags: tags, subject: subject, members: members))
        }
        return items
    }

    private static func policy(_ random: inout SeededRandom) -> String {
        let tags =
            [
                #""tagStatus":"untagged""#, #""tagStatus":"tagged","tagPrefixList":["a"]"#, #""tagStatus":"tagged","tagPatternList":["*1"]"#,
                #""tagStatus":"tagged","tagPrefixList":["b","c"]"#,
            ].shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random))
            + [#""tagStatus":"any""#].prefix(Int.random(in: 0...1, using: &random))
        var rules = tags.enumerated().map { index, tags in
            let count = Int.random(in: 1...4, using: &random)
            let days = Int.random(in: 1...30, using: &random)
            let criterion =
                Bool.random(using: &random)
                ? #""countType":"imageCountMoreThan","countNumber":\#(count)"#
                : #""countType":"\#(Bool.random(using: &random) ? "sinceImagePushed" : "sinceImagePulled")","countUnit":"days","countNumber":\#(days)"#
            let action = Bool.random(using: &random) ? #"{"type":"expire"}"# : #"{"type":"transition","targetStorageClass":"archive"}"#
            return #"{"rulePriority":\#(index + 1),"selection":{\#(tags),\#(criterion)},"action":\#(action)}"#
        }
        if Bool.random(using: &random) {
            rules.append(
                #"{"rulePriority":9,"selection":{"tagStatus":"any","storageClass":"archive","countType":"sinceImageTransitioned","countUnit":"days","countNumber":90},"action":{"type":"expire"}}"#
            )
        }
        return #"{"rules":[\#(rules.joined(separator: ","))]}"#
    }
}
