import AWSCore
import IAM
import OCI
import RegistryCore

/// Creates an empty public repository; with the first, the registry gets its default alias.
struct PublicCreateRepository: PublicOperation, RepositoryOperation {
    static let name = "CreateRepository"

    let repositoryName: PublicRepositoryName
    let catalogData: CatalogDataInput?
    let tags: PublicECR.Tags?

    var registryId: AccountID? { nil }

    func permissions(in registry: Registry) -> [Permission] {
        let facts = (tags?.list ?? []).requestFacts
        let resource = registry.id.arn(of: repository)
        let tagging = facts.isEmpty ? [] : [Permission("\(Service.name):\(TagResource<Service>.name)", on: resource, facts: facts)]
        return [permission(on: resource, facts: facts)] + tagging
    }

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        let created = try await registry.createPublicRepository(
            repository, tags: (tags?.list ?? []).checked(), catalog: catalogData?.data, logo: catalogData?.logoImageBlob?.bytes)
        return Output(
            repository: try await Service.shape(of: created, in: registry, context),
            catalogData: CatalogDataShape(try await registry.catalogData(of: repository), context))
    }

    struct Output: JSONObject {
        let repository: PublicRepositoryShape
        let catalogData: CatalogDataShape

        func members(_ json: inout JSONWriter) {
            json.member("repository", repository)
            json.member("catalogData", catalogData)
        }
    }
}
