import AWSCore
import Identity
import Stores

/// Lists the groups of a user, by name.
struct ListGroupsForUser: UserOperation {
    let userName: ExistingUserName
    let marker: Marker?
    let maxItems: MaxItems?

    func run(_ context: OperationContext) async throws -> GroupsOutput {
        let page = Page(
            of: try await context.account.groups(ofUser: entityName), after: try context.markers.cursor(of: marker?.value, of: entityName),
            limit: maxItems.limit)
        return GroupsOutput(
            groups: QueryList(page.elements.map(GroupShape.init)), isTruncated: page.next != nil,
            marker: try context.markers.token(after: page.next, of: entityName))
    }
}
