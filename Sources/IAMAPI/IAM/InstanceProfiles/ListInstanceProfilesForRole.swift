import AWSCore
import IAM
import Identity

/// Lists the instance profiles that have a role.
struct ListInstanceProfilesForRole: RoleOperation {
    let roleName: RoleName
    let marker: Marker?
    let maxItems: MaxItems?

    func run(_ context: OperationContext) async throws -> InstanceProfilesOutput {
        let page = try await context.account.instanceProfiles(
            withRole: entityName, after: context.markers.cursor(of: marker?.value, of: entityName), limit: maxItems.limit)
        return InstanceProfilesOutput(
            instanceProfiles: QueryList(page.elements.map { InstanceProfileShape($0) }), isTruncated: page.next != nil,
            marker: try context.markers.token(after: page.next, of: entityName))
    }
}
