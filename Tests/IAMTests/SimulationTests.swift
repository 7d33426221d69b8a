import AWSCore
import IAM
import TestSupport
import Testing

@Suite struct SimulationTests {
    private func set(_ identity: [PolicyDocument], boundary: PolicyDocument? = nil, resource: [PolicyDocument] = []) -> PolicySet {
        var policies = PolicySet()
        policies.identity = identity.enumerated().map { NamedPolicy(name: "PolicyInputList.\($0 + 1)", document: $1) }
        policies.boundary = boundary.map { NamedPolicy(name: "PermissionsBoundaryPolicyInputList.1", document: $0) }
        policies.resource = resource.enumerated().map { NamedPolicy(name: "ResourcePolicy.\($0 + 1)", document: $1) }
        return policies
    }

    @Test func whatAllowsIsNamedInFull() throws {
        let decision = simulate(request(), set([try policy(statement("Allow", #""ecr:Get*""#), statement("Allow")), try policy(statement("Allow"))]))
        #expect(decision.verdict == .allowed)
        #expect(decision.matched.map { "\($0.policy) \($0.index)" } == ["PolicyInputList.1 1", "PolicyInputList.2 0"])
        #expect(decision.isAllowedByBoundary == nil)
        #expect(decision.isAllowedByOrganization == nil)
        #expect(decision.details == [:])
    }

    @Test func onlyWhatDeniesIsNamedWhereSomethingDoes() throws {
        let decision = simulate(request(), set([try policy(statement("Allow"), statement("Deny", #""ecr:Put*""#))]))
        #expect(decision.verdict == .explicitDeny)
        #expect(decision.matched.map(\.index) == [1])
        #expect(simulate(request(), set([])).verdict == .implicitDeny)
        #expect(simulate(request(), set([])).matched == [])
    }

    @Test func theBoundaryIsToldApart() throws {
        let pull = try policy(statement("Allow", #""ecr:BatchGetImage""#))
        let cut = simulate(request(), set([try policy(statement("Allow"))], boundary: pull))
        #expect(cut.verdict == .implicitDeny)
        #expect(cut.isAllowedByBoundary == false)
        #expect(simulate(request("ecr:BatchGetImage"), set([try policy(statement("Allow"))], boundary: pull)).isAllowedByBoundary == true)
        let denying = simulate(request(), set([try policy(statement("Allow"))], boundary: try policy(statement("Allow"), statement("Deny"))))
        #expect(denying.verdict == .explicitDeny)
        #expect(denying.isAllowedByBoundary == false)
        #expect(denying.matched.map(\.kind) == [.boundary])
    }

    @Test func theOrganizationIsToldApart() throws {
        var policies = set([try policy(statement("Allow"))])
        policies.serviceControl = [[NamedPolicy(name: "a", document: try policy(statement("Allow", #""ecr:BatchGetImage""#)))]]
        #expect(simulate(request(), policies).isAllowedByOrganization == false)
        #expect(simulate(request(), policies).verdict == .implicitDeny)
        #expect(simulate(request("ecr:BatchGetImage"), policies).isAllowedByOrganization == true)
    }

    @Test func acrossAccountsEachKindIsTold() throws {
        let foreign = request(owner: Literals.other)
        let grant = try policy(grant(to: #"{"AWS":"111122223333"}"#), as: .resource)
        let both = simulate(foreign, set([try policy(statement("Allow"))], resource: [grant]))
        #expect(both.verdict == .allowed)
        #expect(both.details == [.identity: .allowed, .resource: .allowed])
        let none = simulate(foreign, set([try policy(statement("Allow"))], boundary: try policy(statement("Deny"))))
        #expect(none.details == [.identity: .allowed, .resource: .implicitDeny, .boundary: .explicitDeny])
    }

    @Test func missingKeysAreThoseThatTheActionNeeds() throws {
        let document = try policy(
            statement(
                "Allow", #""ecr:Put*""#, when: #"{"StringEquals":{"aws:Username":"${aws:PrincipalTag/team}"},"Bool":{"aws:SecureTransport":true}}"#),
            statement("Allow", #""iam:*""#, when: #"{"Bool":{"aws:MultiFactorAuthPresent":true}}"#),
            statement("Deny", #""ecr:*""#, on: #""arn:aws:ecr:*:*:repository/${ecr:Secret, 'x'}""#))
        #expect(
            contextKeys(of: [document])
                == ["aws:SecureTransport", "aws:Username", "aws:PrincipalTag/team", "aws:MultiFactorAuthPresent", "ecr:Secret"])
        let decision = simulate(request(facts: ["AWS:username": ["ci"], "aws:securetransport": ["true"]]), set([document]))
        #expect(decision.missingKeys == ["aws:PrincipalTag/team", "ecr:Secret"])
    }

    @Test func theOldLanguageHasNoVariables() throws {
        let document = try policy(statement("Allow", when: #"{"StringEquals":{"k":"${aws:username}"}}"#), version: "2008-10-17")
        #expect(contextKeys(of: [document]) == ["k"])
    }

    @Test(arguments: 0..<100)
    func theVerdictIsTheEngines(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let effects = ["Allow", "Allow", "Deny"]
        let actions = [#""ecr:*""#, #""ecr:PutImage""#, #""iam:*""#, #""*""#]
        func documents(_ count: ClosedRange<Int>) throws -> [PolicyDocument] {
            try (0..<Int.random(in: count, using: &random)).map { _ in
                try policy(statement(effects.randomElement(using: &random) ?? "", actions.randomElement(using: &random) ?? ""))
            }
        }
        var policies = set(try documents(0...3), boundary: try documents(0...1).first)
        policies.resource = try (0..<Int.random(in: 0...2, using: &random)).map { index in
            let principal = [#""*""#, #"{"AWS":"111122223333"}"#].randomElement(using: &random) ?? ""
            return NamedPolicy(
                name: "r\(index)", document: try policy(grant(effects.randomElement(using: &random) ?? "", to: principal), as: .resource))
        }
        for owner in [Literals.home, Literals.other] {
            let decision = evaluate(request(owner: owner), policies)
            let simulated = simulate(request(owner: owner), policies)
            #expect((simulated.verdict == .allowed) == decision.isAllowed)
            if case .explicitlyDenied(let statement) = decision { #expect(simulated.matched.contains(statement)) }
            if case .allowed(let statement?) = decision { #expect(simulated.matched.contains(statement)) }
        }
    }
}
