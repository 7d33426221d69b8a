import AWSCore
import KMS

/// As GenerateDataKey, for who will need the data key only later.
struct GenerateDataKeyWithoutPlaintext: KMSOperation {
    let keyId: KeyID
    let encryptionContext: EncryptionContextShape?
    let keySpec: DataKeySpec?
    let numberOfBytes: NumberOfBytes?
    let grantTokens: GrantTokens?
    let dryRun: Bool?

    func run(_ call: KMSCall) async throws -> DataKeyOutput {
        let count = try dataKeyLength(numberOfBytes, keySpec)
        let made = try await call.dataKey(keyId, length: count, encryptionContext ?? [:], grantTokens, dryRun, cryptographicFacts)
        return DataKeyOutput(keyARN: made.keyARN, plaintext: nil, ciphertext: made.ciphertext, material: made.material)
    }
}
