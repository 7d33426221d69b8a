import AWSCore
import Identity
import Stores

/// Lists access keys, by id, without their secrets.
struct ListAccessKeys: AccessKeyOperation {
    let userName: ExistingUserName?
    let marker: Marker?
    let maxItems: MaxItems?

    func run(_ context: OperationContext) async throws -> Output {
        let owner = try context.owner(userName)
        let list = owner.userName ?? ""
        let page = Page(
            of: try await context.account.accessKeys(of: owner), after: try context.markers.cursor(of: marker?.value, of: list), limit: maxItems.limit
        )
        let keys = page.elements.map { key in
            Metadata(userName: owner.userName, accessKeyId: key.id, status: AccessKeyState(isActive: key.isActive), createDate: key.createdAt)
        }
        return Output(
            accessKeyMetadata: QueryList(keys), isTruncated: page.next != nil, marker: try context.markers.token(after: page.next, of: list))
    }

    struct Output: Encodable, Sendable {
        let accessKeyMetadata: QueryList<Metadata>
        let isTruncated: Bool
        let marker: String?
    }

    /// The model's AccessKeyMetadata.
    struct Metadata: Encodable, Sendable {
        let userName: String?
        let accessKeyId: String
        let status: AccessKeyState
        let createDate: Timestamp
    }
}
