import AWSCore
import KMS

/// The model's KeyMetadata.
struct KeyMetadata: JSONObject {
    let key: Key

    func members(_ json: inout JSONWriter) {
        json.member("AWSAccountId", key.account.description)
        json.member("KeyId", key.id)
        json.member("Arn", key.arn.description)
        json.member("CreationDate", milliseconds: key.createdAt.milliseconds)
        json.member("Enabled", key.state == .enabled)
        json.member("Description", key.description)
        json.member("KeyUsage", KeyUsage.encrypt.rawValue)
        json.member("KeyState", key.state.rawValue)
        json.member("DeletionDate", milliseconds: key.deletionAt?.milliseconds)
        json.member("Origin", Origin.kms.rawValue)
        json.member("KeyManager", key.owner.rawValue)
        json.member("CustomerMasterKeySpec", KeySpec.symmetric.rawValue)
        json.member("KeySpec", KeySpec.symmetric.rawValue)
        json.member("EncryptionAlgorithms", [EncryptionAlgorithm.symmetric.rawValue])
        json.member("MultiRegion", false)
        json.member("CurrentKeyMaterialId", key.material)
    }
}

/// The output of CreateKey and DescribeKey.
struct KeyMetadataOutput: JSONObject {
    let key: Key

    func members(_ json: inout JSONWriter) { json.member("KeyMetadata", KeyMetadata(key: key)) }
}

/// The output of operations that tell no more than the key they did something to.
struct KeyIDOutput: JSONObject {
    let keyID: String

    func members(_ json: inout JSONWriter) { json.member("KeyId", keyID) }
}
