import AWSCore
import IAM
import KMS
import RegistryCore
import Stores
import TestSupport
import Testing

extension Walkthrough {
    static func walkKMS(_ installation: TestInstallation) async throws {
        let ring = installation.kms.ring(installation.account, installation.region)
        let access = KeyAuthorizer(database: installation.recording, authorizer: installation.authorizer)
        let key = try await ring.createKey(description: "d", policy: ring.defaultPolicy, tags: [KeyTag(key: "a", value: "b")])
        try await ring.createAlias("alias/walk", of: key)
        try await ring.updateAlias("alias/walk", to: key)
        let found = try await ring.find("alias/walk")
        try await access.require(KeyUse("Encrypt", context: [:]), of: found, installation.context())
        _ = try await ring.find(anywhere: key.id)
        _ = try await ring.arns(ofKeys: [key.id])
        _ = try await ring.keyIDs(after: nil, limit: 10)
        _ = try await ring.aliases(of: nil, after: nil, limit: 10)
        _ = try await ring.aliases(of: key, after: nil, limit: 10)
        try await ring.add([KeyTag(key: "c", value: "d")], to: key)
        try await ring.remove(tags: ["c"], from: key)
        try await ring.set(policy: ring.defaultPolicy, on: key)
        try await ring.set(description: "e", on: key)
        try await ring.enableRotation(of: key, days: 90)
        try await ring.disableRotation(of: key)
        try await ring.rotate(key)
        _ = try await ring.materials(of: key)
        let request = GrantRequest(
            name: "walk", grantee: installation.account.description, retiree: installation.account.description, operations: ["Decrypt"],
            constraints: GrantConstraints())
        let grant = try await ring.createGrant(request, on: key, by: ring.account)
        _ = try await ring.grants(on: key, id: nil, grantee: nil, after: nil, limit: 10)
        _ = try await ring.grants(on: key, id: nil, grantee: request.grantee, after: nil, limit: 10)
        _ = try await ring.grants(retirableBy: request.grantee, after: nil, limit: 10)
        try await ring.remove(ring.grant(grant.id, on: key), from: key)
        try await walkDataKeys(installation, key)
        try await ring.deleteAlias("alias/walk")
        try await ring.disable(key)
        try await ring.enable(key)
        _ = try await ring.scheduleDeletion(of: key, days: 7)
        try await ring.cancelDeletion(of: key)
        _ = try await ring.scheduleDeletion(of: key, days: 7)
    }

    private static func walkDataKeys(_ installation: TestInstallation, _ key: Key) async throws {
        let keys = installation.services.dataKeys
        let place = KeyPlace(account: installation.account.description, region: installation.region.description)
        _ = try await keys.key("alias/aws/ecr", in: place)
        let arn = key.arn.description
        let context = ["aws:ecr:arn": "arn:aws:ecr:us-east-1:123456789012:repository/walk"]
        let grant = try await keys.createGrant(on: arn, for: context, name: "walk")
        let dataKey = try await keys.generateDataKey(under: arn, context: context)
        #expect(try await keys.decrypt(dataKey.wrapped, under: arn, context: context) == dataKey.plaintext)
        try await keys.requireUsable(arn, context: context)
        try await keys.retireGrant(grant, on: arn)
        try await keys.checkHealth()
    }

    static func walkKeyUpkeep(_ installation: TestInstallation) async throws {
        installation.clock.advance(by: .seconds(8 * 86_400))
        #expect(try await installation.kms.deleteDueKeys(limit: 10) == 1)
        installation.clock.advance(by: .seconds(366 * 86_400))
        #expect(try await installation.kms.rotateDueKeys(limit: 10) == 1)
        _ = try await installation.services.retireGrants(limit: 10)
    }
}
