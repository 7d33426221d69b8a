import AWSCore
import IAM
import Identity
import Stores

/// The model's User.
struct UserShape: Encodable, Sendable {
    let path: String?
    let userName: String?
    let userId: String
    let arn: String
    let createDate: Timestamp
    let permissionsBoundary: BoundaryShape?
    let tags: QueryList<Tag>?

    /// Without `tags`, as lists have it.
    init(_ user: Entity, tags: [IAMTag] = []) {
        path = user.path
        userName = user.name
        userId = user.id
        arn = user.arn.description
        createDate = user.createdAt
        permissionsBoundary = user.boundary.map(BoundaryShape.init)
        self.tags = tags.isEmpty ? nil : QueryList(tags.map(Tag.init))
    }

    /// An account's root, of which AWS tells no name and no path.
    init(rootOf account: Account, createdAt: Timestamp) {
        path = nil
        userName = nil
        userId = account.id.description
        arn = account.arn("root").description
        createDate = createdAt
        permissionsBoundary = nil
        tags = nil
    }
}

/// The output of CreateUser and GetUser.
struct UserOutput: Encodable, Sendable {
    let user: UserShape
}

/// The model's AttachedPermissionsBoundary.
struct BoundaryShape: Encodable, Sendable {
    let permissionsBoundaryType = "Policy"
    let permissionsBoundaryArn: String

    init(_ arn: String) { permissionsBoundaryArn = arn }
}

extension OperationContext {
    /// The user that is meant: `given`, or else the caller; nil is the account's root.
    func userName(_ given: ExistingUserName?) throws -> String? {
        if let given { return given.value }
        switch caller.kind {
        case .root: return nil
        case .user(let name): return name
        case .role, .federatedUser, .anonymous:
            throw AWSError("ValidationError", "Must specify userName when calling with non-User credentials")
        }
    }

    /// The ARN of that user, or the root's.
    func arn(ofUser given: ExistingUserName?) async throws -> ARN {
        guard let name = try userName(given) else { return account.arn("root") }
        return try await account.arn(of: .user, named: name)
    }
}
