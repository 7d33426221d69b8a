import AWSCore
import Foundation
import KMS
import Stores

/// Makes a data key and encrypts it under a KMS key.
struct GenerateDataKey: KMSOperation {
    let keyId: KeyID
    let encryptionContext: EncryptionContextShape?
    let numberOfBytes: NumberOfBytes?
    let keySpec: DataKeySpec?
    let grantTokens: GrantTokens?
    let recipient: Recipient?
    let dryRun: Bool?

    func run(_ call: KMSCall) async throws -> DataKeyOutput {
        try recipient.requireNone()
        let count = try dataKeyLength(numberOfBytes, keySpec)
        return try await call.dataKey(keyId, length: count, encryptionContext ?? [:], grantTokens, dryRun, cryptographicFacts)
    }
}

/// The output of GenerateDataKey and, without plaintext, GenerateDataKeyWithoutPlaintext.
struct DataKeyOutput: JSONObject {
    let keyARN: String
    let plaintext: [UInt8]?
    let ciphertext: [UInt8]
    let material: String

    func members(_ json: inout JSONWriter) {
        json.member("CiphertextBlob", Data(ciphertext).base64EncodedString())
        json.member("Plaintext", plaintext.map { Data($0).base64EncodedString() })
        json.member("KeyId", keyARN)
        json.member("KeyMaterialId", material)
    }
}

/// The bytes of a data key, which one of the two says. Throws `ConstraintViolation`.
func dataKeyLength(_ count: NumberOfBytes?, _ spec: DataKeySpec?) throws -> Int {
    guard (count == nil) != (spec == nil), let length = count?.value ?? spec?.bytes else {
        throw ConstraintViolation(member: "keySpec", reason: "Please specify either number of bytes or key spec")
    }
    return length
}

extension KMSCall {
    /// A new data key under the KMS key that `name` means, when the caller may have one.
    func dataKey(
        _ name: KeyID, length: Int, _ context: EncryptionContext, _ tokens: GrantTokens?, _ dryRun: Bool?, _ facts: [String: [String]]
    ) async throws -> DataKeyOutput {
        let found = try await key(name, for: KeyUse(action, context: context, facts: facts))
        try check(tokens)
        let plaintext = ring.random(length)
        let ciphertext = try await ring.encrypt(plaintext, under: found.key, context: context)
        try stopIfDry(dryRun)
        return DataKeyOutput(
            keyARN: found.key.arn.description, plaintext: plaintext, ciphertext: ciphertext, material: try Ciphertext(ciphertext).material)
    }
}
