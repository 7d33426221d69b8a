import AWSCore
import IAM
import TestSupport
import Testing

/// What holds of every decision, whatever the policies are and wherever they come from. The policies are made at random.
@Suite struct EvaluationLawTests {
    private static let actions = [#""ecr:*""#, #""ecr:Put*""#, #""ecr:PutImage""#, #"["ecr:BatchGetImage","ecr:PutImage"]"#, #""kms:*""#, #""*""#]
    private static let resources = [#""*""#, #""arn:aws:ecr:*""#, #""arn:aws:ecr:*:*:repository/app""#, #""arn:aws:ecr:*:*:repository/b*""#]
    private static let conditions: [String?] = [
        nil, nil, nil, #"{"StringEquals":{"k":"a"}}"#, #"{"StringNotEquals":{"k":"a"}}"#, #"{"Null":{"k":"true"}}"#,
    ]
    private static let principals = [
        #""*""#, #"{"AWS":"111122223333"}"#, #"{"AWS":"arn:aws:iam::111122223333:user/ci"}"#,
        #"{"AWS":"arn:aws:iam::111122223333:role/path/Deploy"}"#,
        #"{"AWS":"arn:aws:sts::111122223333:assumed-role/Deploy/run-1"}"#, #"{"AWS":"444455556666"}"#,
    ]

    private static func identity(_ effect: String, _ random: inout SeededRandom) throws -> PolicyDocument {
        try policy(
            statement(
                effect, actions.randomElement(using: &random) ?? "", on: resources.randomElement(using: &random) ?? "",
                when: conditions.randomElement(using: &random) ?? nil))
    }

    private static func resource(_ effect: String, _ random: inout SeededRandom) throws -> PolicyDocument {
        try policy(
            grant(
                effect, to: principals.randomElement(using: &random) ?? "", actions.randomElement(using: &random) ?? "",
                when: conditions.randomElement(using: &random) ?? nil), as: .resource)
    }

    private static func effect(_ random: inout SeededRandom) -> String { Int.random(in: 0..<8, using: &random) == 0 ? "Deny" : "Allow" }

    private static func named(_ documents: [PolicyDocument]) -> [NamedPolicy] {
        documents.enumerated().map { NamedPolicy(name: "\($0)", document: $1) }
    }

    private static func some(_ random: inout SeededRandom, _ make: (String, inout SeededRandom) throws -> PolicyDocument) rethrows -> [NamedPolicy] {
        named(try (0..<Int.random(in: 0...3, using: &random)).map { _ in try make(effect(&random), &random) })
    }

    /// A request and the policies that bear on it, of all kinds.
    private static func draw(_ random: inout SeededRandom) throws -> (EvaluatedRequest, PolicySet) {
        var policies = PolicySet()
        policies.identity = try some(&random, identity)
        policies.resource = try some(&random, resource)
        if Int.random(in: 0..<3, using: &random) == 0 { policies.boundary = named([try identity(effect(&random), &random)]).first }
        if Int.random(in: 0..<3, using: &random) == 0 { policies.session = try some(&random, identity) }
        if Int.random(in: 0..<3, using: &random) == 0 { policies.serviceControl = [try some(&random, identity)] }
        let principal = [user, session, anonymous].randomElement(using: &random) ?? user
        let owner = [Literals.home, Literals.home, Literals.other].randomElement(using: &random) ?? nil
        let facts = Bool.random(using: &random) ? ["k": [Bool.random(using: &random) ? "a" : "b"]] : [:]
        return (request(by: principal, owner: owner, facts: facts), policies)
    }

    /// Some laws are about what was allowed, and say nothing of a run that allows nothing.
    @Test func bothVerdictsComeUp() throws {
        var verdicts: [Bool: Int] = [:]
        for seed in 0..<500 {
            var random = SeededRandom(seed: UInt64(seed))
            let (request, policies) = try Self.draw(&random)
            verdicts[evaluate(request, policies).isAllowed, default: 0] += 1
        }
        #expect(verdicts[true, default: 0] > 50 && verdicts[false, default: 0] > 50, "\(verdicts)")
    }

    @Test(arguments: 0..<500)
    func aDenyOfAnyKindWins(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let (request, policies) = try Self.draw(&random)
        let deny = NamedPolicy(name: "deny", document: try policy(statement("Deny")))
        let resourceDeny = NamedPolicy(name: "deny", document: try policy(grant("Deny", to: #""*""#, #""*""#), as: .resource))
        let kinds: [(inout PolicySet) -> Void] = [
            { $0.identity.append(deny) }, { $0.boundary = deny }, { $0.session = ($0.session ?? []) + [deny] },
            { $0.resourceControl.append([deny]) }, { $0.resource.append(resourceDeny) },
            // These bind nobody without an account.
            { if request.principal.account != nil { $0.serviceControl.append([deny]) } else { $0.identity.append(deny) } },
        ]
        for kind in kinds {
            var changed = policies
            kind(&changed)
            #expect(!evaluate(request, changed).isAllowed)
        }
    }

    @Test(arguments: 0..<500)
    func anAllowNeverTakesAway(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let (request, policies) = try Self.draw(&random)
        guard evaluate(request, policies).isAllowed else { return }
        let allow = NamedPolicy(name: "allow", document: try Self.identity("Allow", &random))
        let grant = NamedPolicy(name: "grant", document: try Self.resource("Allow", &random))
        var changed = policies
        changed.identity.append(allow)
        changed.resource.append(grant)
        // Where there are none, the first would be a limit and not a right.
        if changed.session != nil { changed.session?.append(allow) }
        if !changed.serviceControl.isEmpty { changed.serviceControl[0].append(allow) }
        #expect(evaluate(request, changed).isAllowed)
    }

    @Test(arguments: 0..<500)
    func whatAllowsEverythingLimitsNothing(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let (request, drawn) = try Self.draw(&random)
        var policies = drawn
        policies.boundary = nil
        policies.session = nil
        let everything = NamedPolicy(name: "everything", document: try policy(statement("Allow")))
        let decision = evaluate(request, policies)
        var limited = policies
        limited.serviceControl.append([everything])
        limited.resourceControl.append([everything])
        #expect(evaluate(request, limited).isAllowed == decision.isAllowed)
        limited.boundary = everything
        limited.session = [everything]
        #expect(evaluate(request, limited).isAllowed == decision.isAllowed)
    }

    @Test(arguments: 0..<500)
    func orderDoesNotMatter(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let (request, policies) = try Self.draw(&random)
        var shuffled = policies
        shuffled.identity.shuffle(using: &random)
        shuffled.resource.shuffle(using: &random)
        shuffled.session?.shuffle(using: &random)
        #expect(evaluate(request, shuffled).isAllowed == evaluate(request, policies).isAllowed)
    }
}
