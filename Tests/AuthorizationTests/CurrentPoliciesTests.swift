import AWSCore
import Authorization
import IAM
import Identity
import OCI
import RegistryCore
import Stores
import Synchronization
import TestSupport
import Testing

/// What is remembered between requests, on a database that tells when nothing was committed, as that of a server does.
@Suite struct CurrentPoliciesTests {
    private let installation: TestInstallation
    private let authorizer: Authorizer
    private let database: CountingDatabase

    init() throws {
        let installation = try TestInstallation()
        let database = CountingDatabase(base: installation.sqlite)
        let policies = CurrentPolicies(database: database)
        self.installation = installation
        self.database = database
        authorizer = Authorizer(now: { installation.clock.now.milliseconds }) { try await policies.facts(for: $0, $1, $2) }
    }

    private var pull: Permission {
        let arn = ARN(service: "ecr", region: installation.region.description, account: installation.account.description, resource: "repository/app")
        return Permission("ecr:BatchGetImage", on: arn)
    }

    private func isAllowed(_ permission: Permission? = nil, to caller: Caller) async throws -> Bool {
        try await authorizer.decide(permission ?? pull, installation.context(caller)).isAllowed
    }

    @Test func everyKindOfChangeHoldsFromTheNextDecisionOn() async throws {
        let user = try await installation.user()
        let name = try #require(RepositoryName("app"))
        _ = try await installation.registry.createRepository(name)
        #expect(try await !isAllowed(to: user))
        try await installation.setPolicy(PolicyText.of(PolicyText.statement("Allow")), of: user)
        #expect(try await isAllowed(to: user))
        try await installation.addManagedPolicy(
            "nothing", PolicyText.of(PolicyText.statement("Deny", "Action", #""s3:*""#)), to: user, asBoundary: true)
        #expect(try await !isAllowed(to: user))
        try await installation.identity.account(installation.account).deleteBoundary(of: .user, named: "ci")
        #expect(try await isAllowed(to: user))
        try await installation.registry.setPolicy(PolicyText.of(PolicyText.grant("Deny", to: #""*""#)), of: name)
        #expect(try await !isAllowed(to: user))
        _ = try await installation.registry.deleteRepository(name, force: false)
        #expect(try await isAllowed(to: user))
        let onlyBlue = PolicyText.statement("Allow", when: #"{"StringEquals":{"aws:ResourceTag/team":"blue"}}"#)
        try await installation.setPolicy(PolicyText.of(onlyBlue), of: user)
        #expect(try await !isAllowed(to: user))
        _ = try await installation.registry.createRepository(name, tags: [ResourceTag(key: "team", value: "blue")])
        #expect(try await isAllowed(to: user))
        try await installation.registry.removeResourceTags(["team"], from: name)
        #expect(try await !isAllowed(to: user))
    }

    @Test func nothingIsReadBetweenCommitsAndOnlyTheCountOfChangesAfterOne() async throws {
        let user = try await installation.user(policy: PolicyText.of(PolicyText.statement("Allow")))
        #expect(try await isAllowed(to: user))
        let reads = database.reads
        #expect(try await isAllowed(to: user))
        #expect(database.reads == reads)
        // A commit that no authorization rests on.
        _ = try await installation.registry.createRepository(try #require(RepositoryName("app")))
        #expect(try await isAllowed(to: user))
        #expect(database.reads == reads + 1)
        try await installation.setPolicy(PolicyText.of(PolicyText.statement("Deny")), of: user)
        #expect(try await !isAllowed(to: user))
        #expect(database.reads == reads + 3)
    }

    @Test func aSessionOfGetSessionTokenCallingIAMIsDenied() async throws {
        let user = try await installation.user(policy: PolicyText.of(PolicyText.statement("Allow")))
        let now = installation.clock.now.milliseconds
        let session = Caller(
            kind: user.kind, account: user.account, arn: user.arn, userID: user.userID, accessKeyID: "ASIAIOSFODNN7EXAMPLE", region: user.region,
            session: SessionFacts(origin: .sessionToken, issuedAt: now, expiresAt: now + 3_600_000))
        #expect(try await isAllowed(Permission("iam:ListUsers"), to: user))
        #expect(try await !isAllowed(Permission("iam:ListUsers"), to: session))
        #expect(try await isAllowed(to: session))
    }

    @Test func aFederatedUserHasNoMoreThanItsPoliciesSay() async throws {
        let user = try await installation.user(policy: PolicyText.of(PolicyText.statement("Allow")))
        let now = installation.clock.now.milliseconds
        func federated(_ policies: [String]) -> Caller {
            Caller(
                kind: .federatedUser, account: user.account, arn: "arn:aws:sts::\(user.account):federated-user/bob", userID: "\(user.account):bob",
                accessKeyID: "ASIAIOSFODNN7EXAMPLE", region: user.region,
                session: SessionFacts(
                    origin: .federationToken, issuedAt: now, expiresAt: now + 3_600_000, policies: policies, grantor: user.userID))
        }
        #expect(try await !isAllowed(to: federated([])))
        #expect(try await isAllowed(to: federated([PolicyText.of(PolicyText.statement("Allow", "Action", #""ecr:*""#))])))
        #expect(try await !isAllowed(to: federated([PolicyText.of(PolicyText.statement("Allow", "Action", #""s3:*""#))])))
    }

    @Test func aSessionPolicyThatWasDeletedLetsNothingThrough() async throws {
        let session = try await installation.roleSession(policy: PolicyText.of(PolicyText.statement("Allow")))
        let facts = try #require(session.session)
        let arn = "arn:aws:iam::\(installation.account):policy/gone"
        let cut = Caller(
            kind: session.kind, account: session.account, arn: session.arn, userID: session.userID, accessKeyID: session.accessKeyID,
            region: session.region,
            session: SessionFacts(origin: .assumeRole, issuedAt: facts.issuedAt, expiresAt: facts.expiresAt, policyARNs: [arn]))
        #expect(try await isAllowed(to: session))
        #expect(try await !isAllowed(to: cut))
    }

    @Test func aDocumentOfTheGreatestSizeIsDecidedBy() async throws {
        // 131,072 characters, not all of them ASCII.
        let filler = String(repeating: "ü", count: 100)
        let others = (0..<1000).map { #"{"Effect":"Deny","Action":"ecr:X\#($0)","Resource":"arn:aws:ecr:*:*:repository/\#(filler)"}"# }
        let text = PolicyText.of((others.prefix(700) + [PolicyText.statement("Allow")]).joined(separator: ","))
        #expect(text.count > 100_000 && text.count <= 131_072)
        let session = try await installation.roleSession(policy: PolicyText.of(PolicyText.statement("Allow")), cutBy: [text])
        #expect(try await isAllowed(to: session))
    }
}

/// Counts reads on their way to another database.
private final class CountingDatabase: Database {
    private let base: any Database
    private let count = Mutex(0)

    init(base: any Database) { self.base = base }

    var reads: Int { count.withLock { $0 } }

    var version: UInt64? { base.version }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any ReadTransaction) throws -> Value) async throws -> Value {
        count.withLock { $0 += 1 }
        return try await base.read(body)
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> Value) async throws -> Value {
        try await base.write(body)
    }
}
