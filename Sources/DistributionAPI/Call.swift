import AWSCore
import HTTPTypes
import IAM
import NIOCore
import OCI
import RegistryCore

/// A request on its way through a route: what it asks of which repository. The handlers are its extensions, a file for each resource.
struct Call: Sendable {
    let request: DistributionRequest
    var registry: Registry
    let name: RepositoryName
    /// As the path has it: in a public registry, its alias comes first.
    let fullName: String
    let query: Query
    let authorizer: Authorizer

    /// The need of `action` on a repository.
    func permission(_ action: String, on repository: RepositoryName, facts: [String: [String]] = [:]) -> Permission {
        Permission(registry.id.isPublic ? publicAction(action) : action, on: registry.id.arn(of: repository), facts: facts)
    }

    /// The need of all of `actions` on the repository, for each of `images`.
    func permissions(_ actions: [String], _ images: Route.ImageFacts) -> [Permission] {
        (registry.id.isPublic ? actions.filter { !isOpenToAll($0) } : actions).flatMap { action in
            images.map { permission(action, on: name, facts: $0) }
        }
    }

    /// The same call on a registry that relies on what the call was decided by.
    func relying(on registry: Registry) -> Call {
        var call = self
        call.registry = registry
        return call
    }

    /// Gives what the decision relies on. Throws `unauthorized` for a caller without credentials, else `denied`.
    @discardableResult
    func authorize(_ permissions: [Permission]) async throws -> [DecidedName] {
        do {
            return try await authorizer.require(permissions, request.context)
        } catch let error as AccessDenied {
            throw request.context.caller.kind == .anonymous ? DistributionError.unauthorized : .denied(error)
        }
    }

    /// Does `push`, in a repository that a creation template makes if it is absent.
    func creatingRepository<Value: Sendable>(_ push: () async throws -> Value) async throws -> Value {
        try await registry.creatingRepository(name, for: request.context, by: authorizer, push: push)
    }

    /// Whether the caller may do `action` on a repository.
    func isAllowed(_ action: String, on repository: RepositoryName) async throws -> Bool {
        if isOpenToAll(action) { return true }
        return try await authorizer.decide(permission(action, on: repository), request.context).isAllowed
    }

    /// True unless the client says that the request has no body.
    var carriesBody: Bool { request.contentLength != 0 }

    /// The path of something in this repository.
    func path(_ rest: String) -> String { "/v2/\(fullName)/\(rest)" }

    /// The whole body. Throws `manifestTooLarge` as soon as it is longer than `limit`, whatever length was declared.
    func body(upTo limit: Int) async throws -> [UInt8] {
        guard request.contentLength ?? 0 <= limit else { throw DistributionError.manifestTooLarge(limit: limit) }
        var bytes: [UInt8] = []
        for try await part in request.body {
            guard bytes.count + part.readableBytes <= limit else { throw DistributionError.manifestTooLarge(limit: limit) }
            bytes.append(contentsOf: part.readableBytesView)
        }
        return bytes
    }
}
