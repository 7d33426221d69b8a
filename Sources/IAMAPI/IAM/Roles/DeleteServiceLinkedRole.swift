import AWSCore
import IAM
import Identity

/// Deletes the role of a service: at once, unlike at AWS, where a task does it.
struct DeleteServiceLinkedRole: RoleOperation {
    let roleName: RoleName

    func run(_ context: OperationContext) async throws -> Output {
        Output(deletionTaskId: try await context.account.deleteServiceLinkedRole(entityName))
    }

    struct Output: Encodable, Sendable {
        let deletionTaskId: String
    }
}
