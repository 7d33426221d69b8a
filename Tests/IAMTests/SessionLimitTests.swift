import IAM
import Testing

@Suite struct SessionLimitTests {
    private func allowingAll(_ limits: SessionLimits) throws -> PolicySet {
        var policies = PolicySet()
        policies.identity = [NamedPolicy(name: "i", document: try policy(statement("Allow")))]
        policies.limits = limits
        return policies
    }

    @Test(arguments: [
        ("iam:ListUsers", false, true), ("sts:AssumeRole", true, true), ("sts:GetCallerIdentity", true, true), ("sts:GetSessionToken", false, false),
        ("sts:GetFederationToken", false, false), ("ecr:PutImage", true, true),
    ])
    func sessionsOfGetSessionToken(action: String, isAllowed: Bool, isAllowedWithMFA: Bool) throws {
        let policies = try allowingAll(.sessionToken)
        let root = RequestPrincipal(kind: .root, account: Literals.home, arn: "arn:aws:iam::111122223333:root", userID: "111122223333")
        for principal in [user, root] {
            #expect(evaluate(request(by: principal, action), policies).isAllowed == isAllowed)
            #expect(evaluate(request(by: principal, action, facts: ["aws:MultiFactorAuthPresent": ["false"]]), policies).isAllowed == isAllowed)
            #expect(evaluate(request(by: principal, action, facts: ["aws:MultiFactorAuthPresent": ["true"]]), policies).isAllowed == isAllowedWithMFA)
        }
    }

    @Test(arguments: [("iam:GetUser", false), ("sts:AssumeRole", false), ("sts:GetCallerIdentity", true), ("ecr:PutImage", true)])
    func sessionsOfGetFederationToken(action: String, isAllowed: Bool) throws {
        let federated = RequestPrincipal(
            kind: .federatedUser, account: Literals.home, arn: "arn:aws:sts::111122223333:federated-user/bob", userID: "111122223333:bob")
        var policies = try allowingAll(.federationToken)
        policies.session = [NamedPolicy(name: "s", document: try policy(statement("Allow")))]
        #expect(evaluate(request(by: federated, action, facts: ["aws:MultiFactorAuthPresent": ["true"]]), policies).isAllowed == isAllowed)
        policies.session = []
        #expect(evaluate(request(by: federated, "ecr:PutImage"), policies) == .implicitlyDenied(.session))
    }
}
