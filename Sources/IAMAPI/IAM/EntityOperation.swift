import IAM
import Identity

/// An operation of IAM on one user, group or role.
protocol EntityOperation: IAMOperation {
    static var kind: Entity.Kind { get }

    /// The entity's name.
    var entityName: String { get }
}

extension EntityOperation {
    func permissions(_ context: OperationContext) async throws -> [Permission] { [permission(on: try await target(context))] }

    /// What the operation is about.
    func target(_ context: OperationContext) async throws -> Target { try await context.account.target(Self.kind, named: entityName) }
}

/// On a user.
protocol UserOperation: EntityOperation {
    associatedtype Name: NameText
    var userName: Name { get }
}

extension UserOperation {
    static var kind: Entity.Kind { .user }
    var entityName: String { userName.value }
}

/// On a group.
protocol GroupOperation: EntityOperation {
    var groupName: GroupName { get }
}

extension GroupOperation {
    static var kind: Entity.Kind { .group }
    var entityName: String { groupName.value }
}

/// On a role.
protocol RoleOperation: EntityOperation {
    var roleName: RoleName { get }
}

extension RoleOperation {
    static var kind: Entity.Kind { .role }
    var entityName: String { roleName.value }
}

/// An operation of IAM on one managed policy.
protocol PolicyOperation: IAMOperation {
    var policyArn: EntityARN { get }
}

extension PolicyOperation {
    func permissions(_ context: OperationContext) async throws -> [Permission] { [permission(on: try await target(context))] }

    /// What the operation is about; nil when the ARN is none.
    func target(_ context: OperationContext) async throws -> Target? { try await context.account.target(policy: policyArn.value) }
}
