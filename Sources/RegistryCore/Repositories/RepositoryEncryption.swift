import AWSCore
import IAM
import OCI
import Stores

/// How a repository's content is encrypted at rest.
package enum RepositoryEncryption: Hashable, Sendable {
    /// Under the service's own key.
    case aes256
    /// Under a KMS key, which is named by its ARN.
    case kms(key: String)
    /// In two layers, one of them under a KMS key.
    case kmsDualLayer(key: String)

    /// The ARN of the KMS key; nil without one.
    package var key: String? {
        switch self {
        case .aes256: nil
        case .kms(let key), .kmsDualLayer(let key): key
        }
    }

    /// ECR's name of the kind.
    package var name: String {
        switch self {
        case .aes256: "AES256"
        case .kms: "KMS"
        case .kmsDualLayer: "KMS_DSSE"
        }
    }

    /// What a row says; nil for what it cannot say.
    init?(name: String, key: String?) {
        switch (name, key) {
        case ("AES256", nil): self = .aes256
        case ("KMS", let key?): self = .kms(key: key)
        case ("KMS_DSSE", let key?): self = .kmsDualLayer(key: key)
        default: return nil
        }
    }
}

/// What somebody asks for when a repository is to be made.
package enum EncryptionRequest: Hashable, Sendable {
    case aes256
    /// `key` names a KMS key by id, ARN or alias; nil: ECR's own.
    case kms(key: String?, isDualLayer: Bool)

    /// ECR's name of the kind.
    package var name: String {
        switch self {
        case .aes256: "AES256"
        case .kms(_, let isDualLayer): isDualLayer ? "KMS_DSSE" : "KMS"
        }
    }

    /// With the key found, whose ARN `key` is.
    func encryption(under key: String?) -> RepositoryEncryption {
        guard case .kms(_, let isDualLayer) = self, let key else { return .aes256 }
        return isDualLayer ? .kmsDualLayer(key: key) : .kms(key: key)
    }

    /// The key as it was named.
    package var key: String? {
        guard case .kms(let key, _) = self else { return nil }
        return key
    }
}

/// Passes when the caller may have ECR use the KMS key that was found by `name` for what is bound to `context`: describe the key and create a grant on it.
/// Where none was found, it passes for those who may be told so. Throws `KeyFailure`.
package typealias KeyPermission =
    @Sendable (_ key: KMSKey?, _ name: ARN?, _ context: EncryptionContext, _ request: RequestContext) async throws -> Void

extension RegistryID {
    /// What the data keys of a repository are bound to.
    package func encryptionContext(of name: RepositoryName) -> EncryptionContext { ["aws:ecr:arn": arn(of: name).description] }
}

extension Repository {
    /// What the data keys of the repository are bound to.
    package var encryptionContext: EncryptionContext { registry.encryptionContext(of: name) }
}
