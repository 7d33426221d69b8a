import AWSCore
import IAM
import Identity
import Stores

/// The model's Credentials.
struct CredentialsShape: Encodable, Sendable {
    let accessKeyId: String
    let secretAccessKey: String
    let sessionToken: String
    let expiration: Timestamp

    init(_ credentials: TemporaryCredentials) {
        accessKeyId = credentials.accessKeyID
        secretAccessKey = credentials.secretAccessKey
        sessionToken = credentials.sessionToken
        expiration = credentials.expiresAt
    }
}

/// The model's AssumedRoleUser.
struct AssumedRoleUser: Encodable, Sendable {
    let assumedRoleId: String
    let arn: String

    init(_ role: AssumableRole, session: String) {
        assumedRoleId = "\(role.entity.id):\(session)"
        arn = "arn:aws:sts::\(role.entity.account):assumed-role/\(role.entity.name)/\(session)"
    }
}

/// The model's PolicyDescriptorType.
struct PolicyDescriptor: Decodable, Sendable {
    let arn: EntityARN?
}

typealias PolicyDescriptors = Bounded.List<0, 10, PolicyDescriptor>

/// The text of a session policy: longer ones are for managed policies.
typealias SessionPolicy = Bounded.Text<1, 2048>

/// The name of a role's session, and who is behind it: 2 to 64 of `[\w+=,.@-]`.
struct SessionName: ConstrainedText {
    static let constraint = "Member must satisfy regular expression pattern: [\\w+=,.@-]*"
    let value: String

    init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0.isNameCharacter || "+=,.@-".utf8.contains($0) }) else { return nil }
        value = text
    }

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(Bounded.Text<2, 64>.self).value
        guard let name = Self(text) else { throw ConstraintViolation(at: decoder, reason: Self.constraint) }
        self = name
    }
}

/// What whoever assumes a role was told by its owner: 2 to 1,224 of `[\w+=,.@:/-]`.
struct ExternalID: Decodable, Sendable {
    let value: String

    init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(Bounded.Text<2, 1224>.self).value
        guard value.utf8.allSatisfy({ $0.isNameCharacter || "+=,.@:/-".utf8.contains($0) }) else {
            throw ConstraintViolation(at: decoder, reason: "Member must satisfy regular expression pattern: [\\w+=,.@:\\/-]*")
        }
    }
}

extension UInt8 {
    /// `\w`
    var isNameCharacter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
