import AWSCore

/// The model's EncryptionConfiguration.
struct EncryptionConfiguration: Decodable, Sendable {
    /// How blobs are encrypted at rest.
    enum EncryptionType: String, ConstrainedEnum {
        case aes256 = "AES256"
        case kms = "KMS"
        case kmsDualLayer = "KMS_DSSE"

        /// Passes for the encryption that repositories have; what is not there is refused, never accepted and ignored.
        func requireAES256() throws {
            guard self == .aes256 else {
                throw AWSError.unsupported(
                    "Berth does not implement encryptionType \(rawValue) yet: it has no key management service. Use AES256.")
            }
        }
    }

    let encryptionType: EncryptionType
    let kmsKey: Bounded.Text<1, 2048>?

    /// As `EncryptionType.requireAES256`, which takes no key.
    func requireAES256() throws {
        try encryptionType.requireAES256()
        if kmsKey != nil {
            throw ConstraintViolation(member: "kmsKey", reason: "Member must be null when encryptionType is set as AES256")
        }
    }
}
