import AWSCore
import Identity

/// Tells of a group and lists its users.
struct GetGroup: GroupOperation {
    let groupName: GroupName
    let marker: Marker?
    let maxItems: MaxItems?

    func run(_ context: OperationContext) async throws -> Output {
        let (group, page) = try await context.account.group(
            named: entityName, usersAfter: context.markers.cursor(of: marker?.value, of: entityName), limit: maxItems.limit)
        return Output(
            group: GroupShape(group), users: QueryList(page.elements.map { UserShape($0) }), isTruncated: page.next != nil,
            marker: try context.markers.token(after: page.next, of: entityName))
    }

    struct Output: Encodable, Sendable {
        let group: GroupShape
        let users: QueryList<UserShape>
        let isTruncated: Bool
        let marker: String?
    }
}
