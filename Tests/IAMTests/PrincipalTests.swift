import AWSCore
import IAM
import Testing

/// Who policies of resources speak of, and the resources whose own policy has the last word.
@Suite struct PrincipalTests {
    private let allowAll = statement("Allow")
    private let denyAll = statement("Deny")
    private let root = RequestPrincipal(kind: .root, account: Literals.home, arn: "arn:aws:iam::111122223333:root", userID: "111122223333")

    private func trust(_ principal: String, _ action: String = "sts:AssumeRole") throws -> PolicySet {
        var policies = PolicySet()
        policies.needsResourceAllow = true
        let text = #"{"Effect":"Allow","Principal":\#(principal),"Action":"\#(action)"}"#
        policies.resource = [NamedPolicy(name: "trust", document: try policy(text, as: .trust))]
        return policies
    }

    @Test func aDenyWithNotPrincipalFallsOnEveryoneWithABoundary() throws {
        var policies = PolicySet()
        policies.identity = [NamedPolicy(name: "i", document: try policy(allowAll))]
        let text = #"{"Effect":"Deny","NotPrincipal":{"AWS":["arn:aws:iam::111122223333:user/ci","111122223333"]},"Action":"*"}"#
        policies.resource = [NamedPolicy(name: "r", document: try policy(text, as: .resource))]
        #expect(evaluate(request(), policies).isAllowed)
        policies.boundary = NamedPolicy(name: "b", document: try policy(allowAll))
        #expect(evaluate(request(), policies) == .explicitlyDenied(DecidingStatement(kind: .resource, policy: "r", sid: nil, index: 0)))
        #expect(simulate(request(), policies).matched.map(\.policy) == ["r"])
    }

    @Test func notPrincipalSparesWhomItNames() throws {
        let deny = try policy(#"{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:role/path/Deploy"},"Action":"*"}"#, as: .resource)
        let allow = try policy(allowAll)
        #expect(decide(request(by: session), [allow], resource: [deny]).isAllowed)
        #expect(!decide(request(by: user), [allow], resource: [deny]).isAllowed)
        #expect(!decide(request(by: anonymous), resource: [deny, try policy(grant(to: #""*""#), as: .resource)]).isAllowed)
    }

    @Test func services() throws {
        let service = RequestPrincipal(kind: .service, account: nil, arn: "ecs-tasks.amazonaws.com", userID: "ecs-tasks.amazonaws.com")
        let asked = request(by: service, "sts:AssumeRole")
        var policies = try trust(#"{"Service":"ec2.amazonaws.com"}"#)
        #expect(evaluate(asked, policies) == .implicitlyDenied(.resource))
        policies = try trust(#"{"Service":["ec2.amazonaws.com","ecs-tasks.amazonaws.com"]}"#)
        #expect(evaluate(asked, policies).isAllowed)
        // Service control policies do not bind services; resource control policies do.
        policies.serviceControl = [[NamedPolicy(name: "none", document: try policy(denyAll))]]
        #expect(evaluate(asked, policies).isAllowed)
        policies.resourceControl = [[NamedPolicy(name: "none", document: try policy(statement("Allow", #""ecr:*""#)))]]
        #expect(evaluate(asked, policies) == .implicitlyDenied(.resourceControl))
    }

    @Test func whomAnIdentityProviderKnowsNeedsTheTrustPolicyOnly() throws {
        let provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
        let web = RequestPrincipal(kind: .federatedUser, account: nil, arn: provider, userID: "token")
        let policies = try trust(#"{"Federated":"\#(provider)"}"#, "sts:AssumeRoleWithWebIdentity")
        #expect(evaluate(request(by: web, "sts:AssumeRoleWithWebIdentity"), policies).isAllowed)
        #expect(!evaluate(request(by: web, "sts:AssumeRole"), policies).isAllowed)
        let other = RequestPrincipal(kind: .federatedUser, account: nil, arn: "\(provider).example.com", userID: "token")
        #expect(!evaluate(request(by: other, "sts:AssumeRoleWithWebIdentity"), policies).isAllowed)
    }

    @Test(arguments: [
        // Who the trust policy names; enough without an identity policy; enough with one.
        (#"{"AWS":"arn:aws:iam::111122223333:user/ci"}"#, true, true), (#"{"AWS":"111122223333"}"#, false, true),
        (#"{"AWS":"AIDAEXAMPLEEXAMPLE01"}"#, true, true), (#"{"AWS":"AIDAEXAMPLEEXAMPLE02"}"#, false, false),
        (#"{"AWS":"444455556666"}"#, false, false),
    ])
    func trustPoliciesWithinTheAccount(principal: String, alone: Bool, together: Bool) throws {
        var policies = try trust(principal)
        #expect(evaluate(request("sts:AssumeRole"), policies).isAllowed == alone)
        policies.identity = [NamedPolicy(name: "i", document: try policy(statement("Allow", #""sts:AssumeRole""#)))]
        #expect(evaluate(request("sts:AssumeRole"), policies).isAllowed == together)
    }

    @Test func trustPoliciesAcrossAccountsNeedBothSides() throws {
        let asked = request("sts:AssumeRole", owner: Literals.other)
        var policies = try trust(#"{"AWS":"arn:aws:iam::111122223333:user/ci"}"#)
        #expect(evaluate(asked, policies) == .implicitlyDenied(.identity))
        policies.identity = [NamedPolicy(name: "i", document: try policy(statement("Allow", #""sts:AssumeRole""#)))]
        #expect(evaluate(asked, policies).isAllowed)
        policies.boundary = NamedPolicy(name: "b", document: try policy(statement("Allow", #""ecr:*""#)))
        #expect(evaluate(asked, policies) == .implicitlyDenied(.boundary))
    }

    /// The default key policy lets the account decide; without it not even root may, as AWS has it.
    @Test func keyPolicies() throws {
        let delegation = #"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}"#
        let toUser = #"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/ci"},"Action":"kms:*","Resource":"*"}"#
        var policies = PolicySet()
        policies.needsResourceAllow = true
        policies.identity = [NamedPolicy(name: "i", document: try policy(statement("Allow", #""kms:*""#)))]
        policies.resource = [NamedPolicy(name: "key", document: try policy(toUser, as: .container))]
        #expect(evaluate(request(by: root, "kms:Decrypt"), policies) == .implicitlyDenied(.resource))
        #expect(evaluate(request(by: session, "kms:Decrypt"), policies) == .implicitlyDenied(.resource))
        #expect(evaluate(request("kms:Decrypt"), policies).isAllowed)
        policies.resource = [NamedPolicy(name: "key", document: try policy(delegation, as: .container))]
        #expect(evaluate(request(by: root, "kms:Decrypt"), policies).isAllowed)
        #expect(evaluate(request("kms:Decrypt"), policies).isAllowed)
        policies.identity = []
        #expect(evaluate(request("kms:Decrypt"), policies) == .implicitlyDenied(.identity))
    }

    @Test func rootIsCutByItsSessionsPoliciesAndByServiceControlPolicies() throws {
        var policies = PolicySet()
        policies.session = []
        #expect(evaluate(request(by: root), policies) == .implicitlyDenied(.session))
        policies = PolicySet()
        policies.serviceControl = [[NamedPolicy(name: "p", document: try policy(statement("Allow", #""s3:*""#)))]]
        #expect(evaluate(request(by: root), policies) == .implicitlyDenied(.serviceControl))
    }

    @Test func twoResourcePoliciesCountAsOne() throws {
        let repository = try policy(grant(to: #"{"AWS":"arn:aws:iam::111122223333:user/ci"}"#), as: .resource)
        let text = #"{"Effect":"Deny","Principal":"*","Action":"ecr:PutImage","Resource":"arn:aws:ecr:us-east-1:111122223333:repository/app"}"#
        let registry = try policy(text, as: .container)
        #expect(decide(request(), resource: [repository]).isAllowed)
        #expect(!decide(request(), resource: [repository, registry]).isAllowed)
    }

    /// Which kind a denial names when several deny.
    @Test func theKindsOfDenialHaveAnOrder() throws {
        let deny = NamedPolicy(name: "d", document: try policy(denyAll))
        var policies = PolicySet()
        policies.identity = [deny]
        policies.session = [deny]
        policies.boundary = deny
        policies.resource = [NamedPolicy(name: "d", document: try policy(grant("Deny", to: #""*""#), as: .resource))]
        policies.resourceControl = [[deny]]
        policies.serviceControl = [[deny]]
        var named: [DecidingPolicy] = []
        while case .explicitlyDenied(let statement) = evaluate(request(), policies) {
            named.append(statement.kind)
            switch statement.kind {
            case .serviceControl: policies.serviceControl = []
            case .resourceControl: policies.resourceControl = []
            case .resource: policies.resource = []
            case .boundary: policies.boundary = nil
            case .session: policies.session = nil
            case .identity: policies.identity = []
            }
        }
        #expect(named == [.serviceControl, .resourceControl, .resource, .boundary, .session, .identity])
    }
}
