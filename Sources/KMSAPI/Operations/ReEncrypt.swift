import AWSCore
import Foundation
import KMS

/// Encrypts what was encrypted anew, under another key or another context, without giving it out.
struct ReEncrypt: KMSOperation {
    let ciphertextBlob: CiphertextBlob?
    let sourceEncryptionContext: EncryptionContextShape?
    let sourceKeyId: KeyID?
    let destinationKeyId: KeyID
    let destinationEncryptionContext: EncryptionContextShape?
    let sourceEncryptionAlgorithm: EncryptionAlgorithm?
    let destinationEncryptionAlgorithm: EncryptionAlgorithm?
    let grantTokens: GrantTokens?
    let dryRun: Bool?
    let dryRunModifiers: [DryRunModifier]?

    func run(_ call: KMSCall) async throws -> Output {
        try sourceEncryptionAlgorithm.requireSymmetric()
        try destinationEncryptionAlgorithm.requireSymmetric()
        let (oldContext, newContext) = (sourceEncryptionContext ?? [:], destinationEncryptionContext ?? [:])
        let from = KeyUse("ReEncryptFrom", context: oldContext, facts: cryptographicFacts)
        guard let blob = ciphertextBlob else {
            throw try await call.refusalWithoutCiphertext(dryRunModifiers, dryRun, sourceKeyId, "ciphertextBlob", from)
        }
        let ciphertext = try Ciphertext(blob.value)
        let source = try await call.key(of: ciphertext, expected: sourceKeyId, for: from)
        let to = KeyUse("ReEncryptTo", context: newContext, facts: cryptographicFacts)
        let destination = try await call.find(destinationKeyId.value, for: to) { try await call.ring.find(destinationKeyId.value) }
        let facts = cryptographicFacts.merging(["kms:ReEncryptOnSameKey": ["\(destination.key.id == source.key.id)"]]) { $1 }
        try await call.access.require(KeyUse("ReEncryptTo", context: newContext, facts: facts), of: destination, call.request)
        try call.check(grantTokens)
        let plaintext = try await call.ring.decrypt(ciphertext, under: source.key, context: oldContext)
        let new = try await call.ring.encrypt(plaintext, under: destination.key, context: newContext)
        try call.stopIfDry(dryRun)
        return Output(
            ciphertext: new, source: source.key, destination: destination.key, oldMaterial: ciphertext.material,
            newMaterial: try Ciphertext(new).material)
    }

    struct Output: JSONObject {
        let ciphertext: [UInt8]
        let source: Key
        let destination: Key
        let oldMaterial: String
        let newMaterial: String

        func members(_ json: inout JSONWriter) {
            json.member("CiphertextBlob", Data(ciphertext).base64EncodedString())
            json.member("SourceKeyId", source.arn.description)
            json.member("KeyId", destination.arn.description)
            json.member("SourceEncryptionAlgorithm", EncryptionAlgorithm.symmetric.rawValue)
            json.member("DestinationEncryptionAlgorithm", EncryptionAlgorithm.symmetric.rawValue)
            json.member("SourceKeyMaterialId", oldMaterial)
            json.member("DestinationKeyMaterialId", newMaterial)
        }
    }
}
