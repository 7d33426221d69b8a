import AWSCore
import OCI
import RegistryCore

/// Describes the images of these ids, or page by page all of a repository, newest first.
struct DescribeImages: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: RepositoryName
    let imageIds: ImageIDs?
    let nextToken: String?
    let maxResults: MaxResults?
    let filter: ImageFilter?

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        if let images = imageIds {
            try refusePaging(nextToken, maxResults, with: "imageIds")
            return Output(try await describe(images, in: registry), of: self, in: registry, nextToken: nil)
        }
        let list = "\(repositoryName) \(filter.text)"
        let cursor: ImageCursor? = try context.pages.cursor(of: nextToken, of: list)
        let page = try await registry.describeImages(in: repositoryName, filter.tagStatus, filter.imageStatus, after: cursor, limit: maxResults.limit)
        return Output(page.elements, of: self, in: registry, nextToken: try context.pages.token(after: page.next, of: list))
    }

    /// The details of `images`, as far as the filter lets them through.
    private func describe(_ images: ImageIDs, in registry: Registry) async throws -> [ImageDetail] {
        let identifiers = try await images.identifiers(in: repositoryName, of: registry)
        let details = try await registry.describeImages(identifiers, in: repositoryName)
        let status = filter.statusOfNamed
        return details.filter { filter.tagStatus.includes($0) && (status == nil || $0.status == status) }
    }

    struct Output: JSONObject {
        let imageDetails: [ImageDetailShape]
        let nextToken: String?

        func members(_ json: inout JSONWriter) {
            json.member("imageDetails", imageDetails)
            json.member("nextToken", nextToken)
        }
    }
}

extension DescribeImages.Output {
    fileprivate init(_ images: [ImageDetail], of request: DescribeImages, in registry: Registry, nextToken: String?) {
        self.init(
            imageDetails: images.map { ImageDetailShape(image: $0, repositoryName: request.repositoryName, registry: registry.id) },
            nextToken: nextToken)
    }
}

extension TagStatus {
    /// True of an image with such tags.
    func includes(_ image: ImageDetail) -> Bool {
        switch self {
        case .tagged: !image.tags.isEmpty
        case .untagged: image.tags.isEmpty
        case .any: true
        }
    }
}
