import AWSCore

/// The model's EncryptionConfiguration.
struct EncryptionConfiguration: Decodable, Sendable {
    /// How blobs are encrypted at rest.
    enum EncryptionType: String, ConstrainedEnum {
        case aes256 = "AES256"
        case kms = "KMS"
        case kmsDualLayer = "KMS_DSSE"
    }

    let encryptionType: EncryptionType
    let kmsKey: Bounded.Text<1, 2048>?

    /// Passes for the encryption that repositories have; what is not there is refused, never accepted and ignored.
    func requireAES256() throws {
        guard encryptionType == .aes256 else {
            throw AWSError.unsupported(
                "Berth does not implement encryptionType \(encryptionType.rawValue) yet: it has no key management service. Use AES256.")
        }
        if kmsKey != nil {
            throw ConstraintViolation(member: "kmsKey", reason: "Member must be null when encryptionType is set as AES256")
        }
    }
}
