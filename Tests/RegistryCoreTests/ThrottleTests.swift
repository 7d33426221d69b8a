import IAM
import Stores
import TestSupport
import Testing

@testable import RegistryCore

/// Buckets of tokens, one for each principal and action.
@Suite struct ThrottleTests {
    private let installation: TestInstallation
    private let clock: FixedClock

    init() throws {
        installation = try TestInstallation()
        clock = installation.clock
    }

    private func throttle(_ rate: Rate, capacity: Int = 100) -> Throttle {
        var rates = Rates.unlimited
        rates["ecr:PutImage"] = rate
        return Throttle(rates, clock: clock, capacity: capacity)
    }

    /// How many calls get through before one does not.
    private func count(_ throttle: Throttle, _ context: RequestContext, upTo most: Int = 50) -> Int {
        for done in 0..<most {
            do { try throttle.take("ecr:PutImage", context) } catch { return done }
        }
        return most
    }

    @Test func aBurstIsPermittedAndThenTheRate() throws {
        let throttle = throttle(Rate(perSecond: 10, burst: 20))
        let context = installation.context()
        #expect(count(throttle, context) == 20)
        clock.advance(by: .milliseconds(99))
        #expect(count(throttle, context) == 0)
        clock.advance(by: .milliseconds(1))
        #expect(count(throttle, context) == 1)
        clock.advance(by: .milliseconds(550))
        #expect(count(throttle, context) == 5)
        clock.advance(by: .seconds(3600))
        #expect(count(throttle, context) == 20)
    }

    @Test func principalsAndActionsHaveBucketsOfTheirOwn() async throws {
        let throttle = throttle(Rate(perSecond: 1))
        let (one, two) = (try await installation.user("one"), try await installation.user("two"))
        #expect(count(throttle, installation.context(one)) == 1)
        #expect(count(throttle, installation.context(two)) == 1)
        #expect(throws: Never.self) { try throttle.take("ecr:BatchGetImage", installation.context(one)) }
        let nobody = Caller.anonymous(account: installation.account, region: installation.region)
        #expect(count(throttle, installation.context(nobody, from: "192.0.2.1")) == 1)
        #expect(count(throttle, installation.context(nobody, from: "192.0.2.1")) == 0)
        #expect(count(throttle, installation.context(nobody, from: "192.0.2.2")) == 1)
    }

    @Test func sessionsOfARoleShareTheRolesBucket() async throws {
        let throttle = throttle(Rate(perSecond: 1))
        let session = try await installation.roleSession()
        let other = Caller(
            kind: session.kind, account: session.account, arn: session.arn + "2", userID: session.userID + "2", accessKeyID: nil,
            region: session.region, session: session.session)
        #expect(count(throttle, installation.context(session)) == 1)
        #expect(count(throttle, installation.context(other)) == 0)
    }

    @Test func memoryIsBounded() throws {
        let throttle = throttle(Rate(perSecond: 1), capacity: 10)
        let nobody = Caller.anonymous(account: installation.account, region: installation.region)
        for address in 0..<1000 { #expect(count(throttle, installation.context(nobody, from: "192.0.2.\(address)"), upTo: 1) == 1) }
        #expect(count(throttle, installation.context(nobody, from: "192.0.2.999")) == 0, "the last one is remembered")
    }

    @Test func thePresets() {
        #expect(Rates.ecr["ecr:PutImage"] == Rate(perSecond: 10))
        #expect(Rates.ecr["ecr:DescribeImages"] == Rate(perSecond: 20, burst: 200))
        #expect(Rates.generous["ecr:BatchGetImage"] == .unlimited && Rates.generous["ecr:GetDownloadUrlForLayer"] == .unlimited)
        for action in ["PutImage", "InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload", "GetAuthorizationToken", "ListImages"] {
            #expect(Rates.generous["ecr:\(action)"].perSecond >= 100 * Rates.ecr["ecr:\(action)"].perSecond, "\(action)")
            #expect(Rates.generous["ecr:\(action)"] != .unlimited, "\(action)")
        }
        #expect(!Throttle(.generous, clock: clock).limitsPulls && Throttle(.ecr, clock: clock).limitsPulls)
        #expect(!Throttle(.unlimited, clock: clock).limitsPulls)
    }
}
