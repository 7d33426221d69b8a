import AWSCore
import Stores

/// The model's KeySpec.
enum KeySpec: String, ConstrainedEnum {
    case rsa2048 = "RSA_2048"
    case rsa3072 = "RSA_3072"
    case rsa4096 = "RSA_4096"
    case p256 = "ECC_NIST_P256"
    case p384 = "ECC_NIST_P384"
    case p521 = "ECC_NIST_P521"
    case secp256k1 = "ECC_SECG_P256K1"
    case symmetric = "SYMMETRIC_DEFAULT"
    case hmac224 = "HMAC_224"
    case hmac256 = "HMAC_256"
    case hmac384 = "HMAC_384"
    case hmac512 = "HMAC_512"
    case sm2 = "SM2"
    case mlDSA44 = "ML_DSA_44"
    case mlDSA65 = "ML_DSA_65"
    case mlDSA87 = "ML_DSA_87"
    case ed25519 = "ECC_NIST_EDWARDS25519"
    case mlKEM512 = "ML_KEM_512"
    case mlKEM768 = "ML_KEM_768"
    case mlKEM1024 = "ML_KEM_1024"
}

/// The model's CustomerMasterKeySpec, an older name of KeySpec, which has the values of that time.
struct CustomerMasterKeySpec: ConstrainedText {
    private static let specs = KeySpec.allCases.prefix { $0 != .mlDSA44 }
    static let constraint = "Member must satisfy enum value set: [\(specs.map(\.rawValue).joined(separator: ", "))]"

    let spec: KeySpec

    init?(_ text: String) {
        guard let spec = Self.specs.first(where: { $0.rawValue == text }) else { return nil }
        self.spec = spec
    }
}

enum KeyUsage: String, ConstrainedEnum {
    case sign = "SIGN_VERIFY"
    case encrypt = "ENCRYPT_DECRYPT"
    case mac = "GENERATE_VERIFY_MAC"
    case agreement = "KEY_AGREEMENT"
    case encapsulation = "ENCAPSULATE_DECAPSULATE"
}

enum Origin: String, ConstrainedEnum {
    case kms = "AWS_KMS"
    case external = "EXTERNAL"
    case cloudHSM = "AWS_CLOUDHSM"
    case externalStore = "EXTERNAL_KEY_STORE"
}

enum DataKeySpec: String, ConstrainedEnum {
    case aes256 = "AES_256"
    case aes128 = "AES_128"

    var bytes: Int { self == .aes256 ? 32 : 16 }
}

enum EncryptionAlgorithm: String, ConstrainedEnum {
    case symmetric = "SYMMETRIC_DEFAULT"
    case rsaSHA1 = "RSAES_OAEP_SHA_1"
    case rsaSHA256 = "RSAES_OAEP_SHA_256"
    case sm2 = "SM2PKE"
}

extension EncryptionAlgorithm? {
    /// Throws `invalidKeyUsage` for what no key here does.
    func requireSymmetric() throws {
        guard let self, self != .symmetric else { return }
        throw KeyFailure(.invalidKeyUsage, "The encryption algorithm \(self.rawValue) is not one of a symmetric key.")
    }
}

enum DryRunModifier: String, ConstrainedEnum {
    case ignoreCiphertext = "IGNORE_CIPHERTEXT"
}

enum ResourceOwner: String, ConstrainedEnum {
    case own = "SELF"
    case shared = "OTHER_ACCOUNTS_VIA_RAM"
}

enum IncludeKeyMaterial: String, ConstrainedEnum {
    case all = "ALL_KEY_MATERIAL"
    case rotations = "ROTATIONS_ONLY"
}

/// The model's GrantOperation.
enum GrantOperation: String, ConstrainedEnum {
    case decrypt = "Decrypt"
    case encrypt = "Encrypt"
    case generateDataKey = "GenerateDataKey"
    case generateDataKeyWithoutPlaintext = "GenerateDataKeyWithoutPlaintext"
    case reEncryptFrom = "ReEncryptFrom"
    case reEncryptTo = "ReEncryptTo"
    case sign = "Sign"
    case verify = "Verify"
    case getPublicKey = "GetPublicKey"
    case createGrant = "CreateGrant"
    case retireGrant = "RetireGrant"
    case describeKey = "DescribeKey"
    case generateDataKeyPair = "GenerateDataKeyPair"
    case generateDataKeyPairWithoutPlaintext = "GenerateDataKeyPairWithoutPlaintext"
    case generateMac = "GenerateMac"
    case verifyMac = "VerifyMac"
    case deriveSharedSecret = "DeriveSharedSecret"
    case encapsulate = "Encapsulate"
    case decapsulate = "Decapsulate"

    /// False of what a symmetric key does not do.
    var isSymmetric: Bool {
        switch self {
        case .sign, .verify, .getPublicKey, .generateMac, .verifyMac, .deriveSharedSecret, .encapsulate, .decapsulate: false
        default: true
        }
    }
}

/// The model's RecipientInfo: an attested environment, which none of Berth's callers is in.
struct Recipient: Decodable, Sendable {
    let keyEncryptionAlgorithm: KeyEncryptionMechanism?
    let attestationDocument: Bounded.Bytes<1, 262_144>?
}

enum KeyEncryptionMechanism: String, ConstrainedEnum {
    case rsaSHA256 = "RSAES_OAEP_SHA_256"
}

extension Recipient? {
    /// Throws `unsupported` where an attestation is given.
    func requireNone() throws {
        if self != nil { throw KeyFailure(.unsupported, "Berth does not check attestation documents: leave Recipient out.") }
    }
}
