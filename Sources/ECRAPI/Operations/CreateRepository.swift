import AWSCore
import IAM
import OCI
import RegistryCore

/// Creates an empty repository.
struct CreateRepository: RepositoryOperation {
    let registryId: AccountID?
    let repositoryName: RepositoryName
    let tags: [Tag]?
    let imageTagMutability: TagMutability.Mode?
    let imageTagMutabilityExclusionFilters: ExclusionFilters?
    let imageScanningConfiguration: ScanningConfiguration?
    let encryptionConfiguration: EncryptionConfiguration?

    func permissions(in registry: Registry) -> [Permission] {
        let repository = registry.id.arn(of: repositoryName)
        let facts = (tags ?? []).requestFacts
        let tagging = facts.isEmpty ? [] : [Permission("ecr:\(TagResource<PrivateECR>.name)", on: repository, facts: facts)]
        return [permission(on: repository, facts: facts)] + tagging
    }

    func run(in registry: Registry, context: OperationContext) async throws -> RepositoryOutput<RepositoryShape> {
        try imageScanningConfiguration?.requireOff()
        let encryption = try encryptionConfiguration?.request() ?? .aes256
        try registry.requireEncryption(for: encryption)
        let mutability = try TagMutability(mode: imageTagMutability ?? .mutable, filters: imageTagMutabilityExclusionFilters)
        let tags = try (tags ?? []).checked()
        let key = try await registry.adoptKey(encryption, for: repositoryName, context.request)
        let repository = try await registry.createRepository(repositoryName, mutability: mutability, tags: tags, under: key)
        return RepositoryOutput(repository: RepositoryShape(repository, context: context))
    }
}

/// The output of CreateRepository and DeleteRepository.
struct RepositoryOutput<Shape: JSONObject & Sendable>: JSONObject {
    let repository: Shape

    func members(_ json: inout JSONWriter) {
        json.member("repository", repository)
    }
}
