import AWSCore
import OCI
import RegistryCore

/// Describes the tags of a public repository, page by page, by name.
struct DescribeImageTags: PublicOperation, RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: PublicRepositoryName
    let nextToken: String?
    let maxResults: MaxResults?

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        let list = repository.description
        let page = try await registry.describeTags(
            in: repository, after: context.pages.cursor(of: nextToken, of: list), limit: maxResults.limit)
        return Output(
            imageTagDetails: page.elements.map(TagDetailShape.init), nextToken: try context.pages.token(after: page.next, of: list))
    }

    struct Output: JSONObject {
        let imageTagDetails: [TagDetailShape]
        let nextToken: String?

        func members(_ json: inout JSONWriter) {
            json.member("imageTagDetails", imageTagDetails)
            json.member("nextToken", nextToken)
        }
    }

    /// The model's ImageTagDetail.
    struct TagDetailShape: JSONObject {
        let detail: TagDetail

        func members(_ json: inout JSONWriter) {
            json.member("imageTag", detail.tag)
            json.member("createdAt", milliseconds: detail.setAt.milliseconds)
            json.member("imageDetail", ReferencedImageDetailShape(image: detail.image))
        }
    }
}

extension ImageTag: PageCursor {
    var tokenText: String { description }

    init?(tokenText: Substring) { self.init(tokenText) }
}
