import AWSCore
import Foundation
import KMS
import Stores

/// Gives back what Encrypt or GenerateDataKey encrypted.
struct Decrypt: KMSOperation {
    let ciphertextBlob: CiphertextBlob?
    let encryptionContext: EncryptionContextShape?
    let grantTokens: GrantTokens?
    let keyId: KeyID?
    let encryptionAlgorithm: EncryptionAlgorithm?
    let recipient: Recipient?
    let dryRun: Bool?
    let dryRunModifiers: [DryRunModifier]?

    func run(_ call: KMSCall) async throws -> Output {
        try encryptionAlgorithm.requireSymmetric()
        try recipient.requireNone()
        let context = encryptionContext ?? [:]
        let use = KeyUse(call.action, context: context, facts: cryptographicFacts)
        guard let blob = ciphertextBlob else {
            throw try await call.refusalWithoutCiphertext(dryRunModifiers, dryRun, keyId, "ciphertextBlob", use)
        }
        let ciphertext = try Ciphertext(blob.value)
        let found = try await call.key(of: ciphertext, expected: keyId, for: use)
        try call.check(grantTokens)
        let plaintext = try await call.ring.decrypt(ciphertext, under: found.key, context: context)
        try call.stopIfDry(dryRun)
        return Output(keyARN: found.key.arn.description, plaintext: plaintext, material: ciphertext.material)
    }

    struct Output: JSONObject {
        let keyARN: String
        let plaintext: [UInt8]
        let material: String

        func members(_ json: inout JSONWriter) {
            json.member("KeyId", keyARN)
            json.member("Plaintext", Data(plaintext).base64EncodedString())
            json.member("EncryptionAlgorithm", EncryptionAlgorithm.symmetric.rawValue)
            json.member("KeyMaterialId", material)
        }
    }
}
