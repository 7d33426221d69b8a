import AWSCore
import Foundation
import Stores

struct DescribeKeyCall: JSONObject {
    let keyID: String

    func members(_ json: inout JSONWriter) { json.member("KeyId", keyID) }
}

struct DescribeKeyAnswer: Decodable {
    struct Metadata: Decodable {
        let arn: String?
        let keyState: String?
        let keyManager: String?

        private enum CodingKeys: String, CodingKey {
            case arn = "Arn"
            case keyState = "KeyState"
            case keyManager = "KeyManager"
        }
    }

    let keyMetadata: Metadata

    private enum CodingKeys: String, CodingKey {
        case keyMetadata = "KeyMetadata"
    }

    /// Throws `unavailable` where the answer does not say what it must.
    func key() throws -> KMSKey {
        guard let arn = keyMetadata.arn, let state = keyMetadata.keyState.flatMap({ KMSKey.State(rawValue: $0) }) else {
            throw KeyFailure(.unavailable, "DescribeKey answered neither ARN nor state of the key.")
        }
        return KMSKey(arn: arn, state: state, isManagedByAWS: keyMetadata.keyManager == "AWS")
    }
}

struct GenerateDataKeyCall: JSONObject {
    let keyID: String
    let context: EncryptionContext

    func members(_ json: inout JSONWriter) {
        json.member("KeyId", keyID)
        json.member("EncryptionContext", context)
        json.member("KeySpec", "AES_256")
    }
}

struct DataKeyAnswer: Decodable {
    let ciphertextBlob: Data
    let plaintext: Data?

    private enum CodingKeys: String, CodingKey {
        case ciphertextBlob = "CiphertextBlob"
        case plaintext = "Plaintext"
    }
}

struct DecryptCall: JSONObject {
    let keyID: String
    let ciphertext: [UInt8]
    let context: EncryptionContext

    func members(_ json: inout JSONWriter) {
        json.member("CiphertextBlob", Data(ciphertext).base64EncodedString())
        json.member("EncryptionContext", context)
        json.member("KeyId", keyID)
    }
}

struct DecryptAnswer: Decodable {
    let plaintext: Data

    private enum CodingKeys: String, CodingKey {
        case plaintext = "Plaintext"
    }
}

struct ReEncryptCall: JSONObject {
    let ciphertext: [UInt8]
    let source: String
    let sourceContext: EncryptionContext
    let destination: String
    let destinationContext: EncryptionContext

    init(ciphertext: [UInt8], from source: String, _ context: EncryptionContext, to destination: String, _ newContext: EncryptionContext) {
        self.ciphertext = ciphertext
        self.source = source
        sourceContext = context
        self.destination = destination
        destinationContext = newContext
    }

    func members(_ json: inout JSONWriter) {
        json.member("CiphertextBlob", Data(ciphertext).base64EncodedString())
        json.member("SourceKeyId", source)
        json.member("SourceEncryptionContext", sourceContext)
        json.member("DestinationKeyId", destination)
        json.member("DestinationEncryptionContext", destinationContext)
    }
}

struct ReEncryptAnswer: Decodable {
    let ciphertextBlob: Data

    private enum CodingKeys: String, CodingKey {
        case ciphertextBlob = "CiphertextBlob"
    }
}

struct CreateGrantCall: JSONObject {
    let keyID: String
    let grantee: String
    let context: EncryptionContext
    let name: String

    func members(_ json: inout JSONWriter) {
        json.member("KeyId", keyID)
        json.member("GranteePrincipal", grantee)
        json.member("RetiringPrincipal", grantee)
        json.member("Operations", ["GenerateDataKey", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "DescribeKey"])
        json.member("Constraints") { $0.member("EncryptionContextSubset", context) }
        json.member("Name", name)
    }
}

struct CreateGrantAnswer: Decodable {
    let grantId: String

    private enum CodingKeys: String, CodingKey {
        case grantId = "GrantId"
    }
}

struct RetireGrantCall: JSONObject {
    let keyID: String
    let grantID: String

    func members(_ json: inout JSONWriter) {
        json.member("KeyId", keyID)
        json.member("GrantId", grantID)
    }
}

struct EmptyAnswer: Decodable {}
