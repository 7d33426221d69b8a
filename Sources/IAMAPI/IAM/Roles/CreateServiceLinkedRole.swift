import AWSCore
import IAM
import Identity

/// Makes the role that a service of AWS acts as.
struct CreateServiceLinkedRole: IAMOperation {
    let aWSServiceName: PolicyName
    let description: RoleDescription?
    let customSuffix: RoleName?

    func permissions(_ context: OperationContext) -> [Permission] {
        let service = aWSServiceName.value
        let name = ServiceLinkedRole.all.first { $0.service == service }?.roleName ?? "*"
        let role = Account.arn(of: .role, path: "/aws-service-role/\(service)/", name: name, in: context.caller.account)
        return [Permission("iam:\(Self.name)", on: role, facts: ["iam:AWSServiceName": [service]])]
    }

    func run(_ context: OperationContext) async throws -> RoleOutput {
        let role = try await context.account.createServiceLinkedRole(
            for: aWSServiceName.value, suffix: customSuffix?.value, description: description?.value)
        return RoleOutput(role: RoleShape(created: role, tags: []))
    }
}
