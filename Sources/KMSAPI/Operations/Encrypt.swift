import AWSCore
import Foundation
import KMS

/// Encrypts up to 4,096 bytes under a key.
struct Encrypt: KMSOperation {
    let keyId: KeyID
    let plaintext: Plaintext
    let encryptionContext: EncryptionContextShape?
    let grantTokens: GrantTokens?
    let encryptionAlgorithm: EncryptionAlgorithm?
    let dryRun: Bool?

    func run(_ call: KMSCall) async throws -> Output {
        try encryptionAlgorithm.requireSymmetric()
        let context = encryptionContext ?? [:]
        let found = try await call.key(keyId, for: KeyUse(call.action, context: context, facts: cryptographicFacts))
        try call.check(grantTokens)
        let ciphertext = try await call.ring.encrypt(plaintext.value, under: found.key, context: context)
        try call.stopIfDry(dryRun)
        return Output(keyARN: found.key.arn.description, ciphertext: ciphertext)
    }

    struct Output: JSONObject {
        let keyARN: String
        let ciphertext: [UInt8]

        func members(_ json: inout JSONWriter) {
            json.member("CiphertextBlob", Data(ciphertext).base64EncodedString())
            json.member("KeyId", keyARN)
            json.member("EncryptionAlgorithm", EncryptionAlgorithm.symmetric.rawValue)
        }
    }
}

extension KMSOperation {
    /// What conditions may ask about every use of a key's secret.
    var cryptographicFacts: [String: [String]] { ["kms:EncryptionAlgorithm": [EncryptionAlgorithm.symmetric.rawValue]] }
}
