import AWSCore
import IAM
import Testing

/// The global condition keys, one by one: what each caller's request says of itself, and that it says nothing else. The keys are those of the
/// IAM user guide, "AWS global condition context keys"; `docs/iam.md` lists them.
@Suite struct ConditionKeyTests {
    /// 2026-01-01T00:00:00Z
    private static let now: Int64 = 1_767_225_600_000
    private static let region = Region("eu-west-1")
    private static let account = AccountID("111122223333")

    /// Who calls.
    enum Who: String, CaseIterable, Sendable {
        case root, user, role, webIdentity, anonymous
    }

    private func caller(_ who: Who) throws -> Caller {
        let (account, region) = (try #require(Self.account), try #require(Self.region))
        func session(_ origin: SessionFacts.Origin, issuer: String? = nil, identity: String? = nil) -> SessionFacts {
            SessionFacts(
                origin: origin, issuedAt: Self.now - 60_000, expiresAt: Self.now + 60_000, sourceIdentity: identity, federatedProvider: issuer)
        }
        func role(_ session: SessionFacts) -> Caller {
            Caller(
                kind: .role(arn: "arn:aws:iam::111122223333:role/ci/push"), account: account, arn: "arn:aws:sts::111122223333:assumed-role/push/run",
                userID: "AROAEXAMPLE:run", accessKeyID: "ASIAEXAMPLE", region: region, session: session, tags: ["Team": "web"])
        }
        switch who {
        case .root: return .root(of: account, accessKeyID: "AKIAEXAMPLE", region: region)
        case .user:
            return Caller(
                kind: .user(name: "bob"), account: account, arn: "arn:aws:iam::111122223333:user/ci/bob", userID: "AIDAEXAMPLE",
                accessKeyID: "AKIAEXAMPLE", region: region, tags: ["Team": "web"])
        case .role: return role(session(.assumeRole, identity: "alice"))
        case .webIdentity: return role(session(.webIdentity, issuer: "token.actions.githubusercontent.com"))
        case .anonymous: return .anonymous(account: account, region: region)
        }
    }

    /// Whether a deny under `condition` falls on a request of `who`; all that is not denied is allowed.
    private func isMet(_ condition: String, by who: Who) async throws -> Bool {
        let deny = try policy(grant("Deny", to: #""*""#, #""ecr:*""#, when: condition), grant(to: #""*""#), as: .resource)
        let authorizer = Authorizer(now: { Self.now }) { _, _, _ in
            var facts = AuthorizationFacts(resourceTags: ["Stage": "prod"])
            facts.policies.resource = [NamedPolicy(name: "r", document: deny)]
            return facts
        }
        let context = RequestContext(
            caller: try caller(who), region: try #require(Self.region), requestID: "r", sourceIP: "192.0.2.7", isSecure: true,
            userAgent: "skopeo/1.9",
            referer: "https://ci.example.com/", origin: "https://registry.test")
        let arn = ARN(service: "ecr", region: "eu-west-1", account: "444455556666", resource: "repository/app")
        let permission = Permission(
            "ecr:TagResource", on: arn, facts: ["aws:RequestTag/Stage": ["test"], "aws:TagKeys": ["Stage", "Team"], "ecr:ImageTag": ["v1"]])
        // Across accounts nobody is allowed; an explicit deny tells whether the condition was met.
        guard case .explicitlyDenied = try await authorizer.decide(permission, context) else { return false }
        return true
    }

    private static let everyone = Set(Who.allCases)
    private static let known = everyone.subtracting([.anonymous])
    private static let roles: Set<Who> = [.role, .webIdentity]

    /// A key with a value, and whose requests have it.
    static let values: [(key: String, value: String, whose: Set<Who>)] = [
        ("aws:PrincipalArn", "arn:aws:iam::111122223333:root", [.root]), ("aws:PrincipalArn", "arn:aws:iam::111122223333:user/ci/bob", [.user]),
        ("aws:PrincipalArn", "arn:aws:iam::111122223333:role/ci/push", roles), ("aws:PrincipalAccount", "111122223333", known),
        ("aws:PrincipalType", "Account", [.root]), ("aws:PrincipalType", "User", [.user]), ("aws:PrincipalType", "AssumedRole", roles),
        ("aws:PrincipalType", "Anonymous", [.anonymous]), ("aws:PrincipalTag/team", "web", roles.union([.user])),
        ("aws:PrincipalIsAWSService", "false", everyone), ("aws:ViaAWSService", "false", everyone),
        ("aws:userid", "111122223333", [.root]), ("aws:userid", "AIDAEXAMPLE", [.user]), ("aws:userid", "AROAEXAMPLE:run", roles),
        ("aws:userid", "anonymous", [.anonymous]), ("aws:username", "bob", [.user]),
        ("aws:TokenIssueTime", "2025-12-31T23:59:00Z", roles), ("aws:MultiFactorAuthPresent", "false", roles),
        ("aws:FederatedProvider", "token.actions.githubusercontent.com", [.webIdentity]), ("aws:SourceIdentity", "alice", [.role]),
        ("aws:SourceIp", "192.0.2.7", everyone), ("aws:SecureTransport", "true", everyone), ("aws:UserAgent", "skopeo/1.9", everyone),
        ("aws:Referer", "https://ci.example.com/", everyone), ("aws:CurrentTime", "2026-01-01T00:00:00Z", everyone),
        ("aws:EpochTime", "1767225600", everyone), ("aws:RequestedRegion", "eu-west-1", everyone), ("aws:ResourceAccount", "444455556666", everyone),
        ("aws:ResourceTag/Stage", "prod", everyone), ("ecr:ResourceTag/stage", "prod", everyone), ("aws:RequestTag/Stage", "test", everyone),
        ("ecr:ImageTag", "v1", everyone),
    ]

    @Test(arguments: values) func isSetByTheServer(key: String, value: String, whose: Set<Who>) async throws {
        for who in Who.allCases {
            #expect(try await isMet(#"{"StringEquals":{"\#(key)":"\#(value)"}}"#, by: who) == whose.contains(who), "\(who)")
            #expect(try await isMet(#"{"StringEquals":{"\#(key.uppercased())":"\#(value)"}}"#, by: who) == whose.contains(who), "\(who)")
        }
    }

    @Test(arguments: Who.allCases) func tagKeysAreSeveral(who: Who) async throws {
        #expect(try await isMet(#"{"ForAllValues:StringEquals":{"aws:TagKeys":["Stage","Team"]},"Null":{"aws:TagKeys":"false"}}"#, by: who))
        #expect(try await !isMet(#"{"ForAllValues:StringEquals":{"aws:TagKeys":["Stage"]}}"#, by: who))
    }

    /// Of organizations, private networks and calls by services there are none; a second factor never comes; and what is of some callers only is
    /// not there for the others.
    @Test(arguments: [
        "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:ResourceOrgID", "aws:ResourceOrgPaths", "aws:SourceOrgID", "aws:SourceOrgPaths",
        "aws:MultiFactorAuthAge", "aws:AssumedRoot", "aws:VpcSourceIp", "aws:SourceVpc", "aws:SourceVpce", "aws:SourceArn", "aws:SourceAccount",
        "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast", "aws:PrincipalServiceName", "aws:PrincipalServiceNamesList",
        "aws:PrincipalTag/none", "aws:ResourceTag/none", "ecr:ImageDigest", "ecr:AccountSetting", "made:up",
    ]) func isNotThere(key: String) async throws {
        for who in Who.allCases { #expect(try await isMet(#"{"Null":{"\#(key)":"true"}}"#, by: who), "\(who)") }
    }

    @Test func longLivedKeysHaveNoTimeOfIssue() async throws {
        for key in ["aws:TokenIssueTime", "aws:MultiFactorAuthPresent", "aws:SourceIdentity", "aws:FederatedProvider"] {
            for who in [Who.root, .user] { #expect(try await isMet(#"{"Null":{"\#(key)":"true"}}"#, by: who), "\(key) \(who)") }
        }
    }
}
