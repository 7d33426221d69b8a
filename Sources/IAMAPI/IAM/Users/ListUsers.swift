import AWSCore
import IAM
import Identity

/// Lists the users whose path begins with a prefix, by name.
struct ListUsers: IAMOperation {
    let pathPrefix: PathPrefix?
    let marker: Marker?
    let maxItems: MaxItems?

    func permissions(_ context: OperationContext) -> [Permission] { [permission(on: context.account.arn("user\(prefix)"))] }

    func run(_ context: OperationContext) async throws -> Output {
        let page = try await context.account.entities(
            .user, pathPrefix: prefix, after: context.markers.cursor(of: marker?.value, of: prefix), limit: maxItems.limit)
        return Output(
            users: QueryList(page.elements.map { UserShape($0) }), isTruncated: page.next != nil,
            marker: try context.markers.token(after: page.next, of: prefix))
    }

    private var prefix: String { pathPrefix?.value ?? "/" }

    struct Output: Encodable, Sendable {
        let users: QueryList<UserShape>
        let isTruncated: Bool
        let marker: String?
    }
}
