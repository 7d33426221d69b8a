import IAM
import OCI
import Stores
import TestSupport
import Testing

@testable import RegistryCore

/// When images were last pulled, and by whom that does not count.
@Suite struct PullTimeTests {
    let installation: TestInstallation
    let registry: Registry
    let app: RepositoryName
    let image = TestImage.image(seed: 1)

    init() async throws {
        installation = try TestInstallation()
        registry = installation.registry
        app = try repository("app")
        _ = try await registry.createRepository(app)
        try await registry.push(image, to: app, tags: [try tag("v1")])
    }

    private func lastPull() async throws -> Timestamp? {
        try await installation.services.pullTimes.write()
        return try await registry.describeImages([ImageIdentifier(digest: image.digest)], in: app)[0].lastPulledAt
    }

    private func pull(by caller: Caller? = nil) async throws {
        let image = try await registry.image(ImageIdentifier(digest: image.digest), in: app)
        registry.notePull(of: image, by: caller ?? installation.root)
    }

    @Test func theLastPullIsRecordedExactly() async throws {
        #expect(try await lastPull() == nil)
        try await pull()
        let first = installation.clock.now
        installation.clock.advance(by: .milliseconds(7))
        #expect(try await lastPull() == first)
        try await pull(by: try await installation.user("one"))
        installation.clock.advance(by: .milliseconds(5))
        try await pull(by: try await installation.user("two"))
        #expect(try await lastPull() == installation.clock.now)
        #expect(try await installation.services.pullTimes.write() == 0)
    }

    @Test func noPullTouchesTheDatabase() async throws {
        let image = try await registry.image(ImageIdentifier(digest: image.digest), in: app)
        let before = installation.recording.statements.count
        for _ in 0..<1000 { registry.notePull(of: image, by: installation.root) }
        #expect(installation.recording.statements.count == before)
        #expect(try await installation.services.pullTimes.write() == 1)
    }

    @Test func thePullsOfExcludedUsersAndRolesDoNotCount() async throws {
        let user = try await installation.user("scanner")
        let session = try await installation.roleSession(path: "/ci/")
        guard case .role(let role) = session.kind else { throw TestSetupError("no role") }
        for principal in [user.arn, role] { #expect(try await registry.addPullTimeExclusion(principal) == installation.clock.now) }
        try await pull(by: user)
        try await pull(by: session)
        #expect(try await lastPull() == nil)
        // Excluded is the principal, not the image, and only here.
        try await pull()
        let counted = installation.clock.now
        installation.clock.advance(by: .seconds(1))
        try await pull(by: user)
        #expect(try await lastPull() == counted)
        let elsewhere = try installation.registry(region: "eu-west-1")
        #expect(try await elsewhere.pullTimeExclusions(after: nil, limit: 10).elements == [])

        try await registry.removePullTimeExclusion(user.arn)
        #expect(try await lastPull() == counted, "what was pulled before does not count later")
        try await pull(by: user)
        #expect(try await lastPull() == installation.clock.now)
    }

    @Test func aPullBeforeTheExclusionCounts() async throws {
        let user = try await installation.user("scanner")
        try await pull(by: user)
        let pulled = installation.clock.now
        _ = try await registry.addPullTimeExclusion(user.arn)
        #expect(try await lastPull() == pulled)
    }

    @Test func anImageThatIsGoneLeavesNothing() async throws {
        try await pull()
        try await registry.deleteManifest(.digest(image.digest), in: app)
        #expect(try await installation.services.pullTimes.write() == 1)
        #expect(try await installation.sqlite.read { try $0.rows("SELECT manifest_id FROM pulls") { $0.integer(0) } } == [])
    }

    @Test func exclusionsAreBoundedAndListedInOrder() async throws {
        var limits = Limits()
        limits.pullTimeExclusions = 2
        let installation = try TestInstallation(limits: limits)
        let registry = installation.registry
        for name in ["b", "a"] { _ = try await registry.addPullTimeExclusion("arn:aws:iam::123456789012:user/\(name)") }
        await #expect(throws: RegistryError.exclusionExists(principal: "arn:aws:iam::123456789012:user/a")) {
            _ = try await registry.addPullTimeExclusion("arn:aws:iam::123456789012:user/a")
        }
        await #expect(throws: RegistryError.tooManyExclusions(limit: 2)) {
            _ = try await registry.addPullTimeExclusion("arn:aws:iam::123456789012:user/c")
        }
        let page = try await registry.pullTimeExclusions(after: nil, limit: 1)
        #expect(page.elements == ["arn:aws:iam::123456789012:user/a"])
        #expect(try await registry.pullTimeExclusions(after: page.next, limit: 1).elements == ["arn:aws:iam::123456789012:user/b"])
        await #expect(throws: RegistryError.exclusionNotFound(principal: "x")) { try await registry.removePullTimeExclusion("x") }
    }
}
