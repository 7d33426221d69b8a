import AWSCore
import IAM
import Identity

/// Lists instance profiles by name, page by page.
struct ListInstanceProfiles: IAMOperation {
    let pathPrefix: PathPrefix?
    let marker: Marker?
    let maxItems: MaxItems?

    func permissions(_ context: OperationContext) -> [Permission] {
        [permission(on: context.account.arn("instance-profile\(pathPrefix?.value ?? "/")"))]
    }

    func run(_ context: OperationContext) async throws -> InstanceProfilesOutput {
        let prefix = pathPrefix?.value ?? "/"
        let page = try await context.account.instanceProfiles(
            pathPrefix: prefix, after: context.markers.cursor(of: marker?.value, of: prefix), limit: maxItems.limit)
        return InstanceProfilesOutput(
            instanceProfiles: QueryList(page.elements.map { InstanceProfileShape($0) }), isTruncated: page.next != nil,
            marker: try context.markers.token(after: page.next, of: prefix))
    }
}
