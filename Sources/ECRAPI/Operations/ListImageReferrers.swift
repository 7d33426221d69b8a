import AWSCore
import IAM
import OCI
import RegistryCore

/// Lists the artifacts that refer to an image, page by page, oldest first. An image that is not there has none.
struct ListImageReferrers: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: RepositoryName
    let subjectId: Subject
    let filter: Filter?
    let nextToken: String?
    let maxResults: Bounded.Integer<1, 50>?

    /// The model's SubjectIdentifier.
    struct Subject: Decodable, Sendable {
        let imageDigest: String
    }

    /// The model's ListImageReferrersFilter.
    struct Filter: Decodable, Sendable {
        let artifactTypes: Bounded.List<0, 5, Bounded.Text<1, 255>>?
        let artifactStatus: ImageFilter.Status?
    }

    /// ECR has no action of its own for it.
    func permissions(in registry: Registry) -> [Permission] {
        [
            Permission(
                "\(Service.name):\(BatchGetImage.name)", on: registry.id.arn(of: repositoryName),
                facts: [ConditionKey.imageDigest: [subjectId.imageDigest]])
        ]
    }

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        guard let wellFormed = LayerDigest(subjectId.imageDigest) else {
            throw ConstraintViolation(member: "imageDigest", reason: LayerDigest.constraint)
        }
        let types = filter?.artifactTypes?.values.map(\.value) ?? []
        let wanted = filter?.artifactStatus ?? .active
        let list = "\(repositoryName) \(wellFormed.text) \(wanted.rawValue) \(types.joined(separator: " "))"
        let cursor: ImageCursor? = try context.pages.cursor(of: nextToken, of: list)
        guard let subject = wellFormed.digest else {
            _ = try await registry.repository(repositoryName)
            return Output(referrers: [], nextToken: nil)
        }
        let page = try await registry.referrers(
            of: subject, in: repositoryName, artifactTypes: types, status: wanted.imageStatus, after: cursor, limit: maxResults?.value ?? 20)
        return Output(referrers: page.elements, nextToken: try context.pages.token(after: page.next, of: list))
    }

    struct Output: JSONObject {
        let referrers: [Referrer]
        let nextToken: String?

        func members(_ json: inout JSONWriter) {
            json.member("referrers", referrers)
            json.member("nextToken", nextToken)
        }
    }
}

/// The model's ImageReferrer.
extension Referrer: JSONObject {
    package func members(_ json: inout JSONWriter) {
        json.member("digest", digest)
        json.member("mediaType", mediaType.description)
        json.member("artifactType", artifactType)
        json.member("size", size)
        json.member("annotations", annotations.isEmpty ? nil : annotations)
        json.member("artifactStatus", status.name)
    }
}
