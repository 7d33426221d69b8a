import AWSCore
import IAM
import OCI
import RegistryCore

/// One of the two APIs of registries, with what it has of its own in the operations that both have.
protocol ECRService: Sendable {
    /// How layer and image operations name the registry that is meant.
    associatedtype RegistryReference: ECRAPI.RegistryReference
    /// A repository's name as this API allows it.
    associatedtype RepositoryName: NamesRepository
    /// The resource tags of a request.
    associatedtype Tags: TagSetting
    /// The keys of resource tags in a request.
    associatedtype TagKeys: TagKeyNaming
    /// The model's Repository.
    associatedtype RepositoryShape: JSONObject & Sendable

    /// The signing name, with which the names of its actions begin.
    static var name: String { get }

    /// The registry of `account` that a request to `region` means. Throws `AWSError` when the API is not in that region.
    static func registry(of account: AccountID, in region: Region) throws -> RegistryID

    /// `repositories` of `registry` as answers show them, in their order.
    static func shapes(of repositories: [Repository], in registry: Registry, _ context: OperationContext) async throws -> [RepositoryShape]
}

extension ECRService {
    /// One repository of `registry` as answers show it.
    static func shape(of repository: Repository, in registry: Registry, _ context: OperationContext) async throws -> RepositoryShape {
        try await shapes(of: [repository], in: registry, context)[0]
    }
}

/// The API of private registries, one for each account and region.
enum PrivateECR: ECRService {
    typealias RegistryReference = AccountID
    typealias RepositoryName = OCI.RepositoryName
    typealias Tags = [Tag]
    typealias TagKeys = [String]
    typealias RepositoryShape = ECRAPI.RepositoryShape

    static let name = "ecr"

    static func registry(of account: AccountID, in region: Region) -> RegistryID { RegistryID(account: account, region: region) }

    static func shapes(of repositories: [Repository], in registry: Registry, _ context: OperationContext) -> [RepositoryShape] {
        repositories.map { RepositoryShape($0, context: context) }
    }
}

/// How a request names a registry.
protocol RegistryReference: Decodable, Sendable {
    /// The account of the registry. Throws `RegistryError.registryNotFound`.
    func account(in services: RegistryServices) async throws -> AccountID
}

extension AccountID: RegistryReference {
    func account(in services: RegistryServices) -> AccountID { self }
}

/// A member that names a repository.
protocol NamesRepository: Decodable, Sendable {
    var repository: RepositoryName { get }
}

extension RepositoryName: NamesRepository {
    var repository: RepositoryName { self }
}

/// A member that sets resource tags.
protocol TagSetting: Decodable, Sendable {
    /// The tags, not checked yet.
    var list: [Tag] { get }
}

extension [Tag]: TagSetting {
    var list: [Tag] { self }
}

/// A member that names resource tags by key.
protocol TagKeyNaming: Decodable, Sendable {
    var list: [String] { get }
}

extension [String]: TagKeyNaming {
    var list: [String] { self }
}
