import AWSCore
import IAM
import Identity
import Stores

/// An operation of IAM or STS. The struct is the request: its properties bear the model's names with a small first letter, its
/// types hold the model's constraints, and it runs itself. `docs/adding-an-operation.md` tells how to add one.
protocol QueryOperation: Decodable, Sendable {
    associatedtype Output: Encodable & Sendable

    /// The service that it belongs to.
    static var service: QueryService { get }

    /// True of what brings its own proof instead of a signature; the caller is then anonymous.
    static var isUnsigned: Bool { get }

    /// Everything that IAM must allow before `run`. Reads no more than it takes to name the resources.
    func permissions(_ context: OperationContext) async throws -> [Permission]

    /// Does it. Throws `IdentityError` or `AWSError` for what the caller is to know. `NoOutput` is for operations that tell nothing.
    func run(_ context: OperationContext) async throws -> Output
}

extension QueryOperation {
    static var isUnsigned: Bool { false }

    /// The model's name of the operation, which is the type's.
    static var name: String { String(describing: Self.self) }

    /// The operation's own action on `resource`; nil stands for `*`.
    func permission(on resource: ARN? = nil) -> Permission { Permission("\(Self.service.name):\(Self.name)", on: resource) }
}

/// An operation of IAM.
protocol IAMOperation: QueryOperation {}

extension IAMOperation {
    static var service: QueryService { .iam }
}

/// An operation of STS.
protocol STSOperation: QueryOperation {}

extension STSOperation {
    static var service: QueryService { .sts }
}

/// What an operation has besides its parameters.
struct OperationContext: Sendable {
    let request: RequestContext
    let identity: IdentityServices
    let authorizer: Authorizer
    let markers: PageTokens

    var caller: Caller { request.caller }

    /// The caller's own account, the only one that IAM's operations see.
    var account: Account { identity.account(caller.account) }
}
