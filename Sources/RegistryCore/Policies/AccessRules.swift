import OCI
import Stores

/// What a registry and one of its repositories say to a decision about access.
package struct AccessRules: Hashable, Sendable {
    /// Nil when there is none, or no such repository.
    package let repositoryPolicy: String?
    package let registryPolicy: String?
    /// The value of `AccountSetting.registryPolicyScope`.
    package let registryPolicyScope: String
    /// Of the repository, by key.
    package let resourceTags: [ResourceTag]
}

extension ReadTransaction {
    /// The rules of `registry`, and of its repository `name` where one is meant.
    package func accessRules(of registry: RegistryID, repository name: RepositoryName?) throws -> AccessRules {
        var repositoryPolicy: String?
        var tags: [ResourceTag] = []
        if let name, let repository = try findRepository(name, in: registry) {
            repositoryPolicy = try first("SELECT text FROM repo_policies WHERE repo_id = \(repository.rowID)") { $0.text(0) }
            tags = try resourceTags(of: repository)
        }
        return AccessRules(
            repositoryPolicy: repositoryPolicy, registryPolicy: try policy(of: registry),
            registryPolicyScope: try value(of: .registryPolicyScope, in: registry), resourceTags: tags)
    }

    /// The tags that name the image of `digest` now, by name; none when there is no such image.
    func tags(on digest: Digest, in name: RepositoryName, _ registry: RegistryID) throws -> [ImageTag] {
        guard let repository = try findRepository(name, in: registry), let image = try image(ImageIdentifier(digest: digest), in: repository) else {
            return []
        }
        return try tags(of: image, in: repository)
    }

    /// The digest of the image that `tag` names now; nil when it names none.
    func digest(behind tag: ImageTag, in name: RepositoryName, _ registry: RegistryID) throws -> Digest? {
        guard let repository = try findRepository(name, in: registry) else { return nil }
        return try image(ImageIdentifier(tag: tag), in: repository)?.digest
    }
}
