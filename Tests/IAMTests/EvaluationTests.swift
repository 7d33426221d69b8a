import AWSCore
import IAM
import TestSupport
import Testing

@Suite struct EvaluationTests {
    private let allowAll = statement("Allow")
    private let denyAll = statement("Deny")

    @Test func nothingIsAllowedByItself() throws {
        #expect(decide(request()) == .implicitlyDenied(.identity))
        #expect(decide(request()).reason(for: "ecr:PutImage") == "because no identity-based policy allows the ecr:PutImage action")
    }

    @Test func denyWinsOverAllow() throws {
        let decision = decide(request(), [try policy(allowAll), try policy(denyAll)])
        #expect(decision == .explicitlyDenied(DecidingStatement(kind: .identity, policy: "identity-1", sid: nil, index: 0)))
        #expect(decision.reason(for: "ecr:PutImage") == "with an explicit deny in an identity-based policy")
    }

    @Test func rootMayDoEverythingInItsAccountUnlessAResourcePolicyDenies() throws {
        let root = RequestPrincipal(kind: .root, account: Literals.home, arn: "arn:aws:iam::111122223333:root", userID: "111122223333")
        #expect(decide(request(by: root)).isAllowed)
        #expect(decide(request(by: root, owner: Literals.other)) == .implicitlyDenied(.resource))
        #expect(!decide(request(by: root), resource: [try policy(grant("Deny", to: #""*""#), as: .resource)]).isAllowed)
        let delegation = try policy(grant(to: #"{"AWS":"111122223333"}"#), as: .resource)
        #expect(decide(request(by: root, owner: Literals.other), resource: [delegation]).isAllowed)
    }

    @Test func anonymousNeedsAPolicyForEveryone() throws {
        #expect(decide(request(by: anonymous)) == .implicitlyDenied(.resource))
        #expect(decide(request(by: anonymous), resource: [try policy(grant(to: #""*""#), as: .resource)]).isAllowed)
        #expect(decide(request(by: anonymous), resource: [try policy(grant(to: #"{"AWS":"*"}"#), as: .resource)]).isAllowed)
        #expect(!decide(request(by: anonymous), resource: [try policy(grant(to: #"{"AWS":"111122223333"}"#), as: .resource)]).isAllowed)
    }

    @Test(arguments: [
        // Who the repository policy names; allowed to a user without policies; to a session; to a session under an empty session policy.
        (#"{"AWS":"arn:aws:iam::111122223333:user/ci"}"#, true, false, false), (#""*""#, true, true, true),
        (#"{"AWS":"arn:aws:sts::111122223333:assumed-role/Deploy/run-1"}"#, false, true, true),
        (#"{"AWS":"arn:aws:iam::111122223333:role/path/Deploy"}"#, false, true, false), (#"{"AWS":"AROAEXAMPLEEXAMPLE01"}"#, false, true, false),
        (#"{"AWS":"111122223333"}"#, false, false, false), (#"{"AWS":"arn:aws:iam::111122223333:user/other"}"#, false, false, false),
    ])
    func grantsOfTheSameAccount(principal: String, toUser: Bool, toSession: Bool, underSessionPolicy: Bool) throws {
        let resource = try policy(grant(to: principal), as: .resource)
        #expect(decide(request(), resource: [resource]).isAllowed == toUser)
        #expect(decide(request(by: session), resource: [resource]).isAllowed == toSession)
        var policies = PolicySet()
        policies.resource = [NamedPolicy(name: "repository", document: resource)]
        policies.session = []
        #expect(evaluate(request(by: session), policies).isAllowed == underSessionPolicy)
    }

    @Test func acrossAccountsBothSidesMustAllow() throws {
        let foreign = request(owner: Literals.other)
        let identity = try policy(allowAll)
        let resource = try policy(grant(to: #"{"AWS":"111122223333"}"#), as: .resource)
        #expect(decide(foreign, [identity]) == .implicitlyDenied(.resource))
        #expect(decide(foreign, resource: [resource]) == .implicitlyDenied(.identity))
        #expect(decide(foreign, [identity], resource: [resource]).isAllowed)
        #expect(!decide(foreign, resource: [try policy(grant(to: #"{"AWS":"arn:aws:iam::111122223333:user/ci"}"#), as: .resource)]).isAllowed)
    }

    @Test func boundarySessionAndServiceControlPoliciesCut() throws {
        var policies = PolicySet()
        policies.identity = [NamedPolicy(name: "i", document: try policy(allowAll))]
        let pullOnly = NamedPolicy(name: "pull", document: try policy(statement("Allow", #""ecr:BatchGetImage""#)))
        for (path, kind): (WritableKeyPath<PolicySet, NamedPolicy?>, DecidingPolicy) in [(\.boundary, .boundary)] {
            var cut = policies
            cut[keyPath: path] = pullOnly
            #expect(evaluate(request(), cut) == .implicitlyDenied(kind))
            #expect(evaluate(request("ecr:BatchGetImage"), cut).isAllowed)
        }
        var cut = policies
        cut.session = [pullOnly]
        #expect(evaluate(request(by: session), cut) == .implicitlyDenied(.session))
        cut = policies
        cut.serviceControl = [[NamedPolicy(name: "full", document: try policy(allowAll))], [pullOnly]]
        #expect(evaluate(request(), cut) == .implicitlyDenied(.serviceControl))
        cut = policies
        cut.resourceControl = [[pullOnly]]
        #expect(evaluate(request(), cut) == .implicitlyDenied(.resourceControl))
        #expect(evaluate(request("ecr:BatchGetImage"), cut).isAllowed)
    }

    @Test func aTrustPolicyMustAllowInAnyCase() throws {
        var policies = PolicySet()
        policies.identity = [NamedPolicy(name: "i", document: try policy(allowAll))]
        policies.needsResourceAllow = true
        #expect(evaluate(request("sts:AssumeRole"), policies) == .implicitlyDenied(.resource))
        let trust = #"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/ci"},"Action":"sts:AssumeRole"}"#
        policies.resource = [NamedPolicy(name: "trust", document: try policy(trust, as: .trust))]
        policies.identity = []
        #expect(evaluate(request("sts:AssumeRole"), policies).isAllowed)
    }

    // MARK: Properties, over random policies

    private static let actions = [#""ecr:*""#, #""ecr:PutImage""#, #"["ecr:BatchGetImage","ecr:PutImage"]"#, #""kms:*""#, #""*""#]
    private static let resources = [#""*""#, #""arn:aws:ecr:*:*:repository/app""#, #""arn:aws:ecr:*:*:repository/b*""#]
    private static let conditions: [String?] = [nil, #"{"StringEquals":{"k":"a"}}"#, #"{"StringNotEquals":{"k":"a"}}"#, #"{"Null":{"k":"true"}}"#]

    private func randomStatement(_ effect: String, _ random: inout SeededRandom) -> String {
        statement(
            effect, Self.actions.randomElement(using: &random) ?? "", on: Self.resources.randomElement(using: &random) ?? "",
            when: Self.conditions.randomElement(using: &random) ?? nil)
    }

    @Test(arguments: 0..<200)
    func lawsOfTheEngine(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var statements: [String] = []
        for _ in 0..<Int.random(in: 0...5, using: &random) {
            statements.append(randomStatement(Bool.random(using: &random) ? "Allow" : "Deny", &random))
        }
        let documents = try statements.map { try policy($0) }
        let asked = request(facts: Bool.random(using: &random) ? ["k": [Bool.random(using: &random) ? "a" : "b"]] : [:])
        let decision = decide(asked, documents)

        #expect(!decide(asked, documents + [try policy(denyAll)]).isAllowed, "deny always wins")
        let more = decide(asked, documents + [try policy(randomStatement("Allow", &random))])
        #expect(more.isAllowed || !decision.isAllowed, "adding an allow never removes access")
        #expect(decide(asked, documents.shuffled(using: &random)).isAllowed == decision.isAllowed, "order does not matter")
        var bounded = PolicySet()
        bounded.identity = documents.map { NamedPolicy(name: "i", document: $0) }
        bounded.boundary = NamedPolicy(name: "b", document: try policy(allowAll))
        #expect(evaluate(asked, bounded).isAllowed == decision.isAllowed, "a boundary of * changes nothing")
        let together =
            statements.isEmpty
            ? nil
            : try PolicyDocument(
                json: #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#, as: .identity)
        #expect(decide(asked, together.map { [$0] } ?? []).isAllowed == decision.isAllowed, "one document or many is the same")
    }
}
