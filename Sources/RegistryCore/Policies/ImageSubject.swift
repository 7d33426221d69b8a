import AWSCore
import IAM
import OCI
import Stores

/// The image that a permission to pull or to delete is about, as the request names it. (What is pushed has the names that the
/// request gives it, and no others.)
package struct ImageSubject {
    private let registry: RegistryID
    private let repository: RepositoryName
    private let identifier: ImageIdentifier
    /// A pull by digest is one by any of the image's tags; a deletion by digest takes all of them away.
    package let isOneNameEnough: Bool

    /// Nil for permissions that are about no image.
    package init?(_ permission: Permission) {
        guard ["ecr:BatchGetImage", "ecr:BatchDeleteImage", "ecr-public:BatchDeleteImage"].contains(permission.action),
            let arn = permission.resource, let registry = RegistryID(of: arn), let repository = registry.repositoryName(from: arn)
        else { return nil }
        isOneNameEnough = permission.action == "ecr:BatchGetImage"
        self.registry = registry
        self.repository = repository
        identifier = ImageIdentifier(
            digest: permission.facts[ConditionKey.imageDigest]?.first.flatMap { Digest($0) },
            tag: permission.facts[ConditionKey.imageTag]?.first.flatMap { ImageTag($0) })
    }

    /// What the image is called now besides what the request says, as condition keys: by tag its digest, by digest each of its tags.
    package func names(_ transaction: any ReadTransaction) throws -> [[String: [String]]] {
        if let digest = identifier.digest {
            let tags = try transaction.tags(on: digest, in: repository, registry)
            return tags.isEmpty ? [[:]] : tags.map { [ConditionKey.imageTag.lowercased(): [$0.description]] }
        }
        guard let tag = identifier.tag, let digest = try transaction.digest(behind: tag, in: repository, registry) else { return [[:]] }
        return [[ConditionKey.imageDigest.lowercased(): [digest.description]]]
    }
}

extension Registry {
    /// The same registry for a request that was allowed because of what images are called: its rules about images do nothing, and throw
    /// `imageNamesChanged`, when these are called otherwise by then.
    func relying(on names: [DecidedName]) -> Registry { Registry(id: id, services: services, decidedNames: names) }
}

extension Registry {
    /// True of a registry for a request that was allowed because of what images are called.
    package var reliesOnNames: Bool { !decidedNames.isEmpty }

    /// How often a request is decided whose images are called otherwise each time.
    private static let attempts = 5

    /// Does `act` as `decide` allows it: both begin anew when an image got or lost a name in between, for a few times. `act` must have no other
    /// effect than on the database. Throws what they throw, at last `imageNamesChanged`.
    package func decided<Result>(_ decide: () async throws -> [DecidedName], then act: (Registry) async throws -> Result) async throws -> Result {
        for _ in 1..<Self.attempts {
            do {
                return try await act(relying(on: decide()))
            } catch RegistryError.imageNamesChanged {
                // The names that hold now decide.
            }
        }
        return try await act(relying(on: decide()))
    }
}

extension ReadTransaction {
    /// Passes when images are called what they were when it was decided about them. Throws `imageNamesChanged`.
    func require(_ names: [DecidedName]) throws {
        for decided in names where try ImageSubject(decided.permission)?.names(self) != decided.names { throw RegistryError.imageNamesChanged }
    }
}
