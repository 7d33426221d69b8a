import AWSCore
import RegistryCore

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

    /// What is asked for. Throws `ConstraintViolation` for a key where none is taken.
    func request() throws -> EncryptionRequest { try encryptionType.request(key: kmsKey?.value) }
}

extension EncryptionConfiguration.EncryptionType {
    /// What is asked for with a key, or without. Throws `ConstraintViolation` for a key where none is taken.
    func request(key: String?) throws -> EncryptionRequest {
        switch self {
        case .aes256:
            if key != nil {
                throw ConstraintViolation(member: "kmsKey", reason: "Member must be null when encryptionType is set as AES256")
            }
            return .aes256
        case .kms: return .kms(key: key, isDualLayer: false)
        case .kmsDualLayer: return .kms(key: key, isDualLayer: true)
        }
    }
}

extension Registry {
    /// Passes for encryption that this server can give: what is not there is refused, never accepted and ignored.
    func requireEncryption(for request: EncryptionRequest) throws {
        guard request == .aes256 || encryptsAtRest else {
            throw AWSError.unsupported(
                "This server does not encrypt what it stores, so that it does not take encryptionType \(request.name). Use AES256.")
        }
    }
}

extension JSONWriter {
    /// The model's EncryptionConfiguration.
    mutating func encryption(_ name: String, key: String?) {
        member("encryptionConfiguration") { json in
            json.member("encryptionType", name)
            json.member("kmsKey", key)
        }
    }
}
