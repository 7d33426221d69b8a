import AWSCore
import Identity
import Stores

/// The model's Role.
struct RoleShape: Encodable, Sendable {
    let path: String
    let roleName: String
    let roleId: String
    let arn: String
    let createDate: Timestamp
    let assumeRolePolicyDocument: PercentEncodedText?
    let description: String?
    let maxSessionDuration: Int?
    let permissionsBoundary: BoundaryShape?
    let tags: QueryList<Tag>?
    let roleLastUsed: RoleLastUsedShape?

    /// With all that GetRole tells.
    init(_ role: Role, tags: [IAMTag]) {
        self.init(role, tags: tags, boundary: role.entity.boundary, lastUse: RoleLastUsedShape(role.lastUse))
    }

    /// As lists have it, without tags, boundary and last use.
    init(listed role: Role) { self.init(role, tags: [], boundary: nil, lastUse: nil) }

    /// As CreateRole answers, without last use.
    init(created role: Role, tags: [IAMTag]) { self.init(role, tags: tags, boundary: role.entity.boundary, lastUse: nil) }

    private init(_ role: Role, tags: [IAMTag], boundary: String?, lastUse: RoleLastUsedShape?) {
        path = role.entity.path
        roleName = role.entity.name
        roleId = role.entity.id
        arn = role.entity.arn.description
        createDate = role.entity.createdAt
        assumeRolePolicyDocument = PercentEncodedText(role.trustPolicy)
        description = role.description
        maxSessionDuration = role.maxSessionSeconds
        permissionsBoundary = boundary.map(BoundaryShape.init)
        self.tags = tags.isEmpty ? nil : QueryList(tags.map(Tag.init))
        roleLastUsed = lastUse
    }
}

/// The model's RoleLastUsed: empty for a role that never acted.
struct RoleLastUsedShape: Encodable, Sendable {
    let lastUsedDate: Timestamp?
    let region: String?

    init(_ use: Role.Use?) {
        lastUsedDate = use?.at
        region = use?.region
    }
}

/// The output of the operations that answer with one role.
struct RoleOutput: Encodable, Sendable {
    let role: RoleShape
}

/// The model's roleDescriptionType.
struct RoleDescription: Decodable, Sendable {
    let value: String

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(Bounded.Text<0, 1000>.self).value
        let isAllowed = text.unicodeScalars.allSatisfy {
            [0x09, 0x0A, 0x0D].contains($0.value) || (0x20...0x7E).contains($0.value) || (0xA1...0xFF).contains($0.value)
        }
        guard isAllowed else {
            throw ConstraintViolation(
                at: decoder,
                reason: "Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*")
        }
        value = text
    }
}

/// The model's roleMaxSessionDurationType, in seconds.
typealias SessionDuration = Bounded.Integer<3600, 43200>
