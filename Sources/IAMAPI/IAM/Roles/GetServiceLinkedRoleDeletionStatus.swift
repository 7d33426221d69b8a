import AWSCore
import IAM
import Identity

/// Tells how the deletion of a service's role went: it is done when it was asked for.
struct GetServiceLinkedRoleDeletionStatus: IAMOperation {
    let deletionTaskId: Bounded.Text<1, 1000>

    func permissions(_ context: OperationContext) -> [Permission] {
        // task/aws-service-role/<service>/<role>/<proof>
        let role = deletionTaskId.value.split(separator: "/").dropFirst().dropLast().joined(separator: "/")
        return [permission(on: context.account.arn("role/\(role)"))]
    }

    func run(_ context: OperationContext) throws -> Output {
        try context.account.requireDeletion(deletionTaskId.value)
        return Output()
    }

    struct Output: Encodable, Sendable {
        let status = "SUCCEEDED"
    }
}
