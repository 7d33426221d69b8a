import AWSCore
import IAM
import Identity
import OCI
import RegistryCore
import Stores

/// An operation of the API. The struct is the request: its members bear the model's names, its types hold the model's
/// constraints, and it runs itself. `docs/adding-an-operation.md` tells how to add one.
protocol ECROperation: Decodable, Sendable {
    /// The API that it belongs to.
    associatedtype Service: ECRService = PrivateECR
    associatedtype Reference: RegistryReference = AccountID
    associatedtype Output: JSONObject

    /// The model's name of the operation: the type's, where nothing else is said.
    static var name: String { get }

    /// Whose registry is meant; nil: the caller's.
    var registryId: Reference? { get }

    /// Everything that IAM must allow before `run`.
    func permissions(in registry: Registry) -> [Permission]

    /// Does it. Throws `RegistryError`, `ConstraintViolation` or `AWSError` for what the caller is to know.
    func run(in registry: Registry, context: OperationContext) async throws -> Output
}

extension ECROperation {
    static var name: String { String(String(describing: Self.self).prefix { $0 != "<" }) }

    /// The operation's own action on `resource`.
    func permission(on resource: ARN, facts: [String: [String]] = [:]) -> Permission {
        Permission("\(Service.name):\(Self.name)", on: resource, facts: facts)
    }

    /// The operation's own action where it has no resource, in `registry`.
    func permission(in registry: Registry, facts: [String: [String]] = [:]) -> Permission {
        Permission("\(Service.name):\(Self.name)", owner: registry.id.account, facts: facts)
    }
}

/// What an operation has besides its parameters.
struct OperationContext: Sendable {
    let request: RequestContext
    let tokens: DockerTokens
    let authorizer: Authorizer
    let principals: PolicyPrincipals
    let pages: PageTokens
    /// The host, perhaps with a port, that images of public registries are pulled from.
    let publicHost: String
}

/// An operation on one repository.
protocol RepositoryOperation: ECROperation {
    associatedtype Name: NamesRepository
    var repositoryName: Name { get }
}

extension RepositoryOperation {
    var repository: RepositoryName { repositoryName.repository }

    func permissions(in registry: Registry) -> [Permission] { [permission(on: registry.id.arn(of: repository))] }
}

/// An operation on whatever an ARN names, which decides the registry too.
protocol ResourceOperation: ECROperation {
    var resourceArn: RepositoryARN<Service> { get }
}

extension ResourceOperation {
    var registryId: AccountID? { resourceArn.registry.account }

    func permissions(in registry: Registry) -> [Permission] { [permission(on: resourceArn.arn)] }
}
