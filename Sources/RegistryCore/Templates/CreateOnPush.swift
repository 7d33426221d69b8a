import IAM
import OCI
import Stores

extension Registry {
    /// Does `push`. When the repository `name` is absent and a template for pushes covers it, the repository is made first, with all that
    /// the template says, for who may do that by hand: `ecr:CreateRepository`, and `ecr:TagResource` when the template sets tags.
    /// Throws what `push` throws, `AccessDenied`, `tooManyRepositories`.
    package func creatingRepository<Value: Sendable>(
        _ name: RepositoryName, for context: RequestContext, by authorizer: Authorizer, push: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await push()
        } catch let absence as RegistryError where absence == .repositoryNotFound(name, registry: id) && !id.isPublic {
            let id = id
            let template = try await database.read { try $0.template(for: name, .createOnPush, in: id) }
            guard let template else { throw absence }
            try await authorizer.require(template.permissions(toCreate: name, in: id), context)
            do {
                _ = try await createRepository(name, from: template, for: context)
            } catch RegistryError.repositoryExists {
                // Another part of the same push was faster.
            }
            return try await push()
        }
    }

    /// Creates an empty repository with the settings of `template`, its key by the permissions of the caller of `context`. Throws `repositoryExists`,
    /// `tooManyRepositories`, `KeyFailure`.
    package func createRepository(_ name: RepositoryName, from template: CreationTemplate, for context: RequestContext) async throws -> Repository {
        let key = try await adoptKey(template.encryption, for: name, context)
        return try await createRepository(name, mutability: template.mutability, tags: template.resourceTags, under: key) { transaction, repository in
            if let policy = template.repositoryPolicy { try transaction.put(policy: policy, on: repository) }
            if let policy = template.lifecyclePolicy { try transaction.putLifecyclePolicy(policy, of: repository) }
        }
    }
}

extension CreationTemplate {
    fileprivate func permissions(toCreate name: RepositoryName, in registry: RegistryID) -> [Permission] {
        let repository = registry.arn(of: name)
        guard !resourceTags.isEmpty else { return [Permission("ecr:CreateRepository", on: repository)] }
        let facts = Dictionary(resourceTags.map { (ConditionKey.requestTag($0.key), [$0.value]) }, uniquingKeysWith: { $1 })
            .merging([ConditionKey.tagKeys: resourceTags.map(\.key)]) { $1 }
        return ["ecr:CreateRepository", "ecr:TagResource"].map { Permission($0, on: repository, facts: facts) }
    }
}
