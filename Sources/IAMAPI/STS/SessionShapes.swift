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
struct SessionPolicy: Decodable, Sendable {
    let value: String

    init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(Bounded.Text<1, 2048>.self).value
        let isAllowed = value.unicodeScalars.allSatisfy { [0x09, 0x0A, 0x0D].contains($0.value) || (0x20...0xFF).contains($0.value) }
        guard isAllowed else {
            throw ConstraintViolation(
                at: decoder, reason: "Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+")
        }
    }
}

/// The model's ProvidedContext, which only other services of AWS can make.
struct ProvidedContext: Decodable, Sendable {
    let providerArn: EntityARN?
    let contextAssertion: Bounded.Text<4, 2048>?
}

typealias ProvidedContexts = Bounded.List<1, 5, ProvidedContext>
