import AWSCore
import IAM
import Identity
import OCI
import RegistryCore

/// An operation of the API. The struct is the request: its members bear the model's names, its types hold the model's
/// constraints, and it runs itself. `docs/adding-an-operation.md` tells how to add one.
protocol ECROperation: Decodable, Sendable {
    associatedtype Output: JSONObject

    /// The account whose registry is meant; nil: the caller's.
    var registryId: AccountID? { get }

    /// Everything that IAM must allow before `run`.
    func permissions(in registry: Registry) -> [Permission]

    /// Does it. Throws `RegistryError`, `ConstraintViolation` or `AWSError` for what the caller is to know.
    func run(in registry: Registry, context: OperationContext) async throws -> Output
}

extension ECROperation {
    /// The model's name of the operation, which is the type's.
    static var name: String { String(describing: Self.self) }

    /// The operation's own action on `resource`.
    func permission(on resource: ARN, facts: [String: [String]] = [:]) -> Permission {
        Permission("ecr:\(Self.name)", on: resource, facts: facts)
    }

    /// The operation's own action where it has no resource, in `registry`.
    func permission(in registry: Registry, facts: [String: [String]] = [:]) -> Permission {
        Permission("ecr:\(Self.name)", owner: registry.id.account, facts: facts)
    }
}

/// What an operation has besides its parameters.
struct OperationContext: Sendable {
    let request: RequestContext
    let tokens: DockerTokens
    let authorizer: Authorizer
    let principals: PolicyPrincipals
    let pages: PageTokens
}

/// An operation on one repository.
protocol RepositoryOperation: ECROperation {
    var repositoryName: RepositoryName { get }
}

extension RepositoryOperation {
    func permissions(in registry: Registry) -> [Permission] { [permission(on: registry.id.arn(of: repositoryName))] }
}

/// An operation on whatever an ARN names, which decides the registry too.
protocol ResourceOperation: ECROperation {
    var resourceArn: RepositoryARN { get }
}

extension ResourceOperation {
    var registryId: AccountID? { resourceArn.account }

    func permissions(in registry: Registry) -> [Permission] { [permission(on: resourceArn.arn)] }
}
