import AWSCore
import IAM
import Identity

/// Lists roles by name, page by page.
struct ListRoles: IAMOperation {
    let pathPrefix: PathPrefix?
    let marker: Marker?
    let maxItems: MaxItems?

    func permissions(_ context: OperationContext) -> [Permission] {
        [permission(on: context.account.arn("role\(pathPrefix?.value ?? "/")"))]
    }

    func run(_ context: OperationContext) async throws -> Output {
        let prefix = pathPrefix?.value ?? "/"
        let page = try await context.account.roles(
            pathPrefix: prefix, after: context.markers.cursor(of: marker?.value, of: prefix), limit: maxItems.limit)
        return Output(
            roles: QueryList(page.elements.map(RoleShape.init(listed:))), isTruncated: page.next != nil,
            marker: try context.markers.token(after: page.next, of: prefix))
    }

    struct Output: Encodable, Sendable {
        let roles: QueryList<RoleShape>
        let isTruncated: Bool
        let marker: String?
    }
}
