import AWSCore
import IAM
import Identity

/// Lists the groups whose path begins with a prefix, by name.
struct ListGroups: IAMOperation {
    let pathPrefix: PathPrefix?
    let marker: Marker?
    let maxItems: MaxItems?

    func permissions(_ context: OperationContext) -> [Permission] { [permission(on: context.account.arn("group\(prefix)"))] }

    func run(_ context: OperationContext) async throws -> GroupsOutput {
        let page = try await context.account.entities(
            .group, pathPrefix: prefix, after: context.markers.cursor(of: marker?.value, of: prefix), limit: maxItems.limit)
        return GroupsOutput(
            groups: QueryList(page.elements.map(GroupShape.init)), isTruncated: page.next != nil,
            marker: try context.markers.token(after: page.next, of: prefix))
    }

    private var prefix: String { pathPrefix?.value ?? "/" }
}

/// The output of the operations that list groups.
struct GroupsOutput: Encodable, Sendable {
    let groups: QueryList<GroupShape>
    let isTruncated: Bool
    let marker: String?
}
