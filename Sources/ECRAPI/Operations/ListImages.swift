import AWSCore
import OCI
import RegistryCore

/// Lists a repository's images, page by page: each tag with its digest, and each untagged image.
struct ListImages: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: RepositoryName
    let nextToken: String?
    let maxResults: MaxResults?
    let filter: ImageFilter?

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        let list = "\(repositoryName) \(filter.text)"
        let cursor: ImageCursor? = try context.pages.cursor(of: nextToken, of: list)
        let page = try await registry.listImages(in: repositoryName, filter.tagStatus, filter.imageStatus, after: cursor, limit: maxResults.limit)
        return Output(imageIds: page.elements, nextToken: try context.pages.token(after: page.next, of: list))
    }

    struct Output: JSONObject {
        let imageIds: [ImageIdentifier]
        let nextToken: String?

        func members(_ json: inout JSONWriter) {
            json.member("imageIds", imageIds)
            json.member("nextToken", nextToken)
        }
    }
}
