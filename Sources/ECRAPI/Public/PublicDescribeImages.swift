import AWSCore
import OCI
import RegistryCore

/// Describes the images of these ids, or page by page all of a public repository, newest first.
struct PublicDescribeImages: PublicOperation, RepositoryOperation {
    static let name = "DescribeImages"

    let registryId: AccountID?
    let repositoryName: PublicRepositoryName
    let imageIds: ImageIDs?
    let nextToken: String?
    let maxResults: MaxResults?

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        if let images = imageIds {
            try refusePaging(nextToken, maxResults, with: "imageIds")
            let identifiers = try await images.identifiers(in: repository, of: registry)
            return output(try await registry.describeImages(identifiers, in: repository), in: registry, nextToken: nil)
        }
        let list = repository.description
        let page = try await registry.describeImages(
            in: repository, .any, nil, after: context.pages.cursor(of: nextToken, of: list), limit: maxResults.limit)
        return output(page.elements, in: registry, nextToken: try context.pages.token(after: page.next, of: list))
    }

    private func output(_ images: [ImageDetail], in registry: Registry, nextToken: String?) -> Output {
        Output(
            imageDetails: images.map { PublicImageDetailShape(image: $0, repositoryName: repository, registry: registry.id) },
            nextToken: nextToken)
    }

    struct Output: JSONObject {
        let imageDetails: [PublicImageDetailShape]
        let nextToken: String?

        func members(_ json: inout JSONWriter) {
            json.member("imageDetails", imageDetails)
            json.member("nextToken", nextToken)
        }
    }
}
