import AWSCore
import Stores
import TestSupport
import Testing

@testable import KMS

/// The keys held here, as ECR uses them.
@Suite struct LocalDataKeysTests {
    let installation: TestInstallation
    let keys: LocalDataKeys
    let ring: KeyRing
    let place: KeyPlace
    private let context = ["aws:ecr:arn": "arn:aws:ecr:us-east-1:123456789012:repository/app"]
    private let otherContext = ["aws:ecr:arn": "arn:aws:ecr:us-east-1:123456789012:repository/other"]

    init() throws {
        installation = try TestInstallation()
        keys = LocalDataKeys(installation.kms)
        ring = installation.kms.ring(installation.account, installation.region)
        place = KeyPlace(account: installation.account.description, region: installation.region.description)
    }

    private func makeKey() async throws -> Key { try await ring.createKey(description: "", policy: ring.defaultPolicy, tags: []) }

    @Test func aDataKeyComesBackUnderItsContextAlone() async throws {
        let key = try await makeKey().arn.description
        let grant = try await keys.createGrant(on: key, for: context, name: "app")
        let dataKey = try await keys.generateDataKey(under: key, context: context)
        #expect(dataKey.plaintext.count == 32)
        #expect(dataKey.wrapped.count <= 6144)
        #expect(try await keys.decrypt(dataKey.wrapped, under: key, context: context) == dataKey.plaintext)

        let detailed = context.merging(["aws:ecr:digest": "sha256:0"]) { $1 }
        await #expect(throws: Ciphertext.failure) { try await keys.decrypt(dataKey.wrapped, under: key, context: detailed) }
        try await keys.retireGrant(grant, on: key)
    }

    @Test func everyBitOfAWrapIsAuthenticated() async throws {
        let key = try await makeKey().arn.description
        _ = try await keys.createGrant(on: key, for: context, name: "app")
        let wrapped = try await keys.generateDataKey(under: key, context: context).wrapped
        for index in wrapped.indices {
            var changed = wrapped
            changed[index] ^= 1
            await #expect(throws: Ciphertext.failure, "byte \(index)") { try await keys.decrypt(changed, under: key, context: context) }
        }
        for count in [0, 1, 48, 49, wrapped.count - 1] {
            await #expect(throws: Ciphertext.failure) { try await keys.decrypt(Array(wrapped[..<count]), under: key, context: context) }
        }
    }

    @Test func aWrapOfAnotherKeyIsRefused() async throws {
        let (first, second) = (try await makeKey().arn.description, try await makeKey().arn.description)
        for key in [first, second] { _ = try await keys.createGrant(on: key, for: context, name: "app") }
        let wrapped = try await keys.generateDataKey(under: first, context: context).wrapped
        await #expect(throws: Ciphertext.failure) { try await keys.decrypt(wrapped, under: second, context: context) }
        let moved = try await keys.reEncrypt(wrapped, from: first, context, to: second, context)
        #expect(try await keys.decrypt(moved, under: second, context: context) == keys.decrypt(wrapped, under: first, context: context))
    }

    @Test func onlyAGrantForTheContextAllows() async throws {
        let key = try await makeKey().arn.description
        await expect(.accessDenied) { _ = try await keys.generateDataKey(under: key, context: context) }
        let grant = try await keys.createGrant(on: key, for: context, name: "app")
        await expect(.accessDenied) { _ = try await keys.generateDataKey(under: key, context: otherContext) }
        let wrapped = try await keys.generateDataKey(under: key, context: context).wrapped
        try await keys.requireUsable(key, context: context)

        try await keys.retireGrant(grant, on: key)
        await expect(.accessDenied) { _ = try await keys.decrypt(wrapped, under: key, context: context) }
        await expect(.accessDenied) { try await keys.requireUsable(key, context: context) }
        // Once more is no error.
        try await keys.retireGrant(grant, on: key)
    }

    @Test func theSameGrantTwiceIsOne() async throws {
        let key = try await makeKey().arn.description
        let first = try await keys.createGrant(on: key, for: context, name: "app")
        #expect(try await keys.createGrant(on: key, for: context, name: "app") == first)
        #expect(try await keys.createGrant(on: key, for: otherContext, name: "app") != first)
    }

    @Test func whatIsDoneToAKeyHoldsFromTheNextCallOn() async throws {
        let key = try await makeKey()
        let arn = key.arn.description
        _ = try await keys.createGrant(on: arn, for: context, name: "app")
        let dataKey = try await keys.generateDataKey(under: arn, context: context)

        try await ring.disable(key)
        await expect(.disabled) { _ = try await keys.decrypt(dataKey.wrapped, under: arn, context: context) }
        await expect(.disabled) { _ = try await keys.generateDataKey(under: arn, context: context) }
        await expect(.disabled) { try await keys.requireUsable(arn, context: context) }
        await expect(.disabled) { _ = try await keys.createGrant(on: arn, for: otherContext, name: "other") }
        #expect(try await keys.key(arn, in: place).state == .disabled)

        try await ring.enable(key)
        #expect(try await keys.decrypt(dataKey.wrapped, under: arn, context: context) == dataKey.plaintext)
        _ = try await ring.scheduleDeletion(of: key, days: 7)
        await expect(.invalidState) { _ = try await keys.decrypt(dataKey.wrapped, under: arn, context: context) }
        await expect(.invalidState) { try await ring.enable(key) }
        try await ring.cancelDeletion(of: key)
        await expect(.disabled) { try await keys.requireUsable(arn, context: context) }
        try await ring.enable(key)
        #expect(try await keys.decrypt(dataKey.wrapped, under: arn, context: context) == dataKey.plaintext)
    }

    @Test func aDeletedKeyIsGoneWithItsSecretAfterTheWaitingPeriodOnly() async throws {
        let key = try await makeKey()
        let arn = key.arn.description
        _ = try await keys.createGrant(on: arn, for: context, name: "app")
        try await ring.createAlias("alias/app", of: key)
        let wrapped = try await keys.generateDataKey(under: arn, context: context).wrapped
        _ = try await ring.scheduleDeletion(of: key, days: 7)
        installation.clock.advance(by: .seconds(7 * 86_400 - 1))
        #expect(try await installation.kms.deleteDueKeys(limit: 10) == 0)
        #expect(try await secrets() == 1)

        installation.clock.advance(by: .seconds(1))
        #expect(try await installation.kms.deleteDueKeys(limit: 10) == 1)
        #expect(try await secrets() == 0)
        await expect(.notFound) { _ = try await keys.decrypt(wrapped, under: arn, context: context) }
        await expect(.notFound) { _ = try await keys.key("alias/app", in: place) }
        #expect(try await installation.kms.deleteDueKeys(limit: 10) == 0)
    }

    private func secrets() async throws -> Int64 {
        try await installation.services.database.read { try $0.first("SELECT COUNT(*) FROM kms_materials") { $0.integer(0) } } ?? -1
    }

    @Test func oldWrapsOpenAfterRotations() async throws {
        let key = try await makeKey()
        let arn = key.arn.description
        _ = try await keys.createGrant(on: arn, for: context, name: "app")
        let old = try await keys.generateDataKey(under: arn, context: context)
        try await ring.rotate(key)
        let new = try await keys.generateDataKey(under: arn, context: context)
        #expect(try Ciphertext(old.wrapped).material != Ciphertext(new.wrapped).material)
        #expect(try await keys.decrypt(old.wrapped, under: arn, context: context) == old.plaintext)
        let renewed = try await keys.reEncrypt(old.wrapped, from: arn, context, to: arn, context)
        #expect(try Ciphertext(renewed).material == Ciphertext(new.wrapped).material)
        #expect(try await keys.decrypt(renewed, under: arn, context: context) == old.plaintext)
    }

    @Test func enabledKeysAreRotatedInTime() async throws {
        let key = try await makeKey()
        try await ring.enableRotation(of: key, days: 90)
        installation.clock.advance(by: .seconds(90 * 86_400 - 1))
        #expect(try await installation.kms.rotateDueKeys(limit: 10) == 0)
        installation.clock.advance(by: .seconds(1))
        #expect(try await installation.kms.rotateDueKeys(limit: 10) == 1)
        #expect(try await installation.kms.rotateDueKeys(limit: 10) == 0)
        #expect(try await ring.materials(of: key).map(\.origin) == [.automatic, .first])
        let found = try await ring.find(key.id).key
        #expect(found.nextRotationAt == installation.clock.now + .seconds(90 * 86_400))

        try await ring.disable(key)
        installation.clock.advance(by: .seconds(91 * 86_400))
        #expect(try await installation.kms.rotateDueKeys(limit: 10) == 0)
        try await ring.enable(key)
        #expect(try await installation.kms.rotateDueKeys(limit: 10) == 1)
    }

    @Test func theManagedKeyIsThereWhenAskedFor() async throws {
        let keys = keys, place = place
        let found = try await withThrowingTaskGroup(of: KMSKey.self) { group in
            for _ in 0..<8 { group.addTask { try await keys.key("alias/aws/ecr", in: place) } }
            return try await group.reduce(into: Set<KMSKey>()) { $0.insert($1) }
        }
        #expect(found.count == 1)
        #expect(found.first?.isManagedByAWS == true)
        let elsewhere = try await keys.key("alias/aws/ecr", in: KeyPlace(account: place.account, region: "eu-west-1"))
        #expect(elsewhere != found.first)
    }

    @Test func keysOfOtherRegionsAreNotFound() async throws {
        let key = try await makeKey()
        let elsewhere = KeyPlace(account: place.account, region: "eu-west-1")
        await expect(.notFound) { _ = try await keys.key(key.id, in: elsewhere) }
        await expect(.notFound) { _ = try await keys.key(key.arn.description, in: elsewhere) }
        #expect(try await keys.key(key.id, in: place).arn == key.arn.description)
    }

    private func expect(_ code: KeyFailure.Code, _ body: () async throws -> Void, location: SourceLocation = #_sourceLocation) async {
        let failure = await #expect(throws: KeyFailure.self, sourceLocation: location) { try await body() }
        #expect(failure?.code == code, sourceLocation: location)
    }
}
