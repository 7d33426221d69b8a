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
    /// Who is meant: the user that is named, or else the caller, a user or the account's root.
    func owner(_ given: ExistingUserName?) throws -> KeyOwner {
        if let given { return .user(given.value) }
        switch caller.kind {
        case .root: return .root
        case .user(let name): return .user(name)
        case .role, .federatedUser, .anonymous:
            throw AWSError("ValidationError", "Must specify userName when calling with non-User credentials")
        }
    }

    /// The same as policies see it.
    func target(of owner: KeyOwner) async throws -> Target {
        switch owner {
        case .root: Target(arn: account.arn("root"))
        case .user(let name): try await account.target(.user, named: name)
        }
    }
}
