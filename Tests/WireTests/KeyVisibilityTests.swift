import AWSCore
import IAM
import KMS
import TestSupport
import Testing

@testable import ECRAPI

/// Whether a key or an alias is there, and which key an alias means, is told only to those whose policies let them ask.
@Suite struct KeyVisibilityTests {
    private static let absentID = "11111111-2222-4333-8444-555555555555"

    /// How keys are named, those that are there and those that are not: `KEY` is the id, `ALIAS` the alias.
    static let names = ["KEY", "alias/ALIAS", "arn:aws:kms:us-east-1:123456789012:key/KEY", "arn:aws-cn:kms:us-east-1:123456789012:alias/ALIAS"]

    /// Policies of the key, of which none lets the caller use it.
    static let policies = [
        nil, #"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:GetKeyPolicy","Resource":"*"}"#,
        #"{"Effect":"Deny","Principal":"*","Action":["kms:DescribeKey","kms:Decrypt"],"Resource":"*"}"#,
    ]

    private let wire: Wire
    private let kms: KMSWire
    private let ring: KeyRing

    init() async throws {
        wire = try await Wire(encryptsAtRest: true)
        kms = KMSWire(of: wire.installation)
        ring = wire.installation.kms.ring(wire.installation.account, wire.installation.region)
    }

    private func makeKey(_ statement: String?) async throws -> Key {
        let policy = statement.map { #"{"Version":"2012-10-17","Statement":\#($0)}"# } ?? ring.defaultPolicy
        let key = try await ring.createKey(description: "", policy: policy, tags: [])
        try await ring.createAlias("alias/images", of: key)
        return key
    }

    private func user(_ name: String, _ actions: String...) async throws -> Caller {
        let list = actions.map { "\"\($0)\"" }.joined(separator: ",")
        return try await wire.installation.user(name, policy: PolicyText.of(PolicyText.statement("Allow", "Action", "[\(list)]")))
    }

    /// What `call` answers for a key that is there, named by `name`, with that key's names replaced by those of one that is not; and what it answers for that.
    private func answers(_ name: String, _ key: Key, _ call: (String) async throws -> Wire.Answer) async throws -> (
        present: JSON, absent: Wire.Answer
    ) {
        let present = try await call(name.replacing("KEY", with: key.id).replacing("ALIAS", with: "images"))
        let absent = try await call(name.replacing("KEY", with: Self.absentID).replacing("ALIAS", with: "nothing"))
        let body = present.body.mapStrings { $0.replacing(key.id, with: Self.absentID).replacing("alias/images", with: "alias/nothing") }
        return (body, absent)
    }

    private func create(_ key: String, as caller: Caller) async throws -> Wire.Answer {
        let encryption: JSON = ["encryptionType": "KMS", "kmsKey": .string(key)]
        return try await wire.call("CreateRepository", ["repositoryName": "app", "encryptionConfiguration": encryption], as: caller)
    }

    @Test(arguments: names, policies) func ecrTellsOthersNothing(name: String, policy: String?) async throws {
        let key = try await makeKey(policy)
        let caller = try await user("maker", "ecr:CreateRepository")
        let (present, absent) = try await answers(name, key) { try await create($0, as: caller) }
        #expect(absent.code == "KmsException")
        #expect(absent.body["kmsError"] == "AccessDeniedException")
        #expect(present == absent.body)
    }

    @Test(arguments: names) func ecrTellsWhoMayAsk(name: String) async throws {
        let key = try await makeKey(nil)
        let caller = try await user("maker", "ecr:CreateRepository", "kms:DescribeKey")
        let (present, absent) = try await answers(name, key) { try await create($0, as: caller) }
        #expect(absent.body["kmsError"] == "NotFoundException")
        #expect(present["kmsError"] == "AccessDeniedException")
        #expect(present["message"]?.text?.contains("kms:CreateGrant") == true)
    }

    @Test(arguments: names, policies) func kmsTellsOthersNothing(name: String, policy: String?) async throws {
        let key = try await makeKey(policy)
        let caller = try await user("stranger", "ecr:CreateRepository")
        let (present, absent) = try await answers(name, key) { try await kms.call("DescribeKey", ["KeyId": .string($0)], as: caller) }
        #expect(absent.code == "AccessDeniedException")
        #expect(present == absent.body)
    }

    @Test(arguments: names) func kmsTellsWhoMayAsk(name: String) async throws {
        let key = try await makeKey(nil)
        let caller = try await user("asker", "kms:DescribeKey")
        let (present, absent) = try await answers(name, key) { try await kms.call("DescribeKey", ["KeyId": .string($0)], as: caller) }
        #expect(absent.code == "NotFoundException")
        #expect(present["KeyMetadata"] != nil)
    }

    /// Nor is it told whether it is the key of a ciphertext.
    @Test(arguments: names) func decryptTellsOthersNothing(name: String) async throws {
        let key = try await makeKey(nil)
        let other = try await ring.createKey(description: "", policy: ring.defaultPolicy, tags: [])
        let ciphertext = try await kms.succeed("Encrypt", ["KeyId": .string(other.id), "Plaintext": "e30="])["CiphertextBlob"] ?? .null
        let caller = try await user("stranger", "kms:Encrypt")
        let (present, absent) = try await answers(name, key) {
            try await kms.call("Decrypt", ["KeyId": .string($0), "CiphertextBlob": ciphertext], as: caller)
        }
        #expect(absent.code == "AccessDeniedException")
        #expect(present == absent.body)
    }

    /// Nor is it told whether it has a grant.
    @Test func retiringTellsOthersNothing() async throws {
        let key = try await makeKey(nil)
        let grant = try await ring.createGrant(
            GrantRequest(grantee: "999999999999", operations: ["Decrypt"], constraints: GrantConstraints()), on: key, by: ring.account)
        let caller = try await user("stranger", "ecr:CreateRepository")
        for id in [grant.id, String(repeating: "0", count: 64)] {
            let (present, absent) = try await answers("KEY", key) {
                try await kms.call("RetireGrant", ["KeyId": .string($0), "GrantId": .string(id)], as: caller)
            }
            #expect(absent.code == "AccessDeniedException")
            #expect(present == absent.body)
        }
    }

    @Test func otherAccountsAreToldNothing() async throws {
        let key = try await makeKey(nil)
        let caller = try await wire.installation.user("foreign", of: "999999999999", policy: PolicyText.of(PolicyText.statement("Allow")))
        for operation in ["DescribeKey", "DisableKey"] {
            let (present, absent) = try await answers("arn:aws:kms:us-east-1:123456789012:key/KEY", key) {
                try await kms.call(operation, ["KeyId": .string($0)], as: caller)
            }
            #expect(absent.code == "AccessDeniedException")
            #expect(present == absent.body)
        }
    }
}
