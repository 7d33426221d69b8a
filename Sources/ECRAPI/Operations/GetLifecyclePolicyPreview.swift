import AWSCore
import OCI
import RegistryCore

/// Tells what a lifecycle policy would do, page by page or for these images.
struct GetLifecyclePolicyPreview: RepositoryOperation {
    /// The model's LifecyclePolicyPreviewFilter.
    struct Filter: Decodable, Sendable {
        let tagStatus: TagStatus?
    }

    let registryId: AccountID?
    let repositoryName: RepositoryName
    let imageIds: ImageIDs?
    let nextToken: String?
    let maxResults: Bounded.Integer<1, 100>?
    let filter: Filter?

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        let status = filter?.tagStatus ?? .any
        if let images = imageIds?.values {
            try refusePaging(nextToken, maxResults, with: "imageIds")
            let identifiers = try images.compactMap { image in
                do throws(ImageRefusal) {
                    return try image.identifier()
                } catch .notFound {
                    return nil
                } catch {
                    throw ConstraintViolation(member: "imageIds", reason: error.reason)
                }
            }
            let preview = try await registry.lifecyclePreview(in: repositoryName, of: identifiers)
            return Output(
                registry: registry.id, repositoryName: repositoryName, preview: preview,
                results: preview.results.elements.filter { status.includes($0.image) }, nextToken: nil)
        }
        let list = "\(repositoryName) \(status.rawValue)"
        let position: PreviewPosition? = try context.pages.cursor(of: nextToken, of: list)
        let preview = try await registry.lifecyclePreview(
            in: repositoryName, status, after: position?.number ?? 0, limit: maxResults?.value ?? 100)
        return Output(
            registry: registry.id, repositoryName: repositoryName, preview: preview, results: preview.results.elements,
            nextToken: try context.pages.token(after: preview.results.next.map(PreviewPosition.init), of: list))
    }

    struct Output: JSONObject {
        let registry: RegistryID
        let repositoryName: RepositoryName
        let preview: LifecyclePreview
        let results: [LifecyclePreview.Result]
        let nextToken: String?

        func members(_ json: inout JSONWriter) {
            json.member("registryId", registry.account)
            json.member("repositoryName", repositoryName)
            json.member("lifecyclePolicyText", preview.text)
            json.member("status", preview.status.rawValue)
            json.member("nextToken", nextToken)
            json.member("previewResults", results.map(LifecyclePreviewResultShape.init))
            json.member("summary", preview.status == .complete ? LifecyclePreviewSummaryShape(preview: preview) : nil)
        }
    }
}

/// Where the results of a preview go on.
private struct PreviewPosition: PageCursor {
    let number: Int64

    init(_ number: Int64) { self.number = number }

    init?(tokenText: Substring) {
        guard let number = Int64(tokenText) else { return nil }
        self.init(number)
    }

    var tokenText: String { String(number) }
}
