import HTTPTypes
import IAM
import Logging
import OCI
import RegistryCore

/// The OCI Distribution API, `/v2/…`: version 1.1 of the specification and what the next one adds.
package struct DistributionDialect: Sendable {
    let services: RegistryServices
    let authorizer: Authorizer
    private let pulls: RememberedPulls

    package init(services: RegistryServices, authorizer: Authorizer) {
        self.services = services
        self.authorizer = authorizer
        pulls = RememberedPulls(services: services)
    }

    /// Answers one request; whatever goes wrong becomes an answer too.
    package func respond(to request: DistributionRequest) async -> DistributionResponse {
        // Where pulls are counted, each is decided on.
        let known = services.throttle.limitsPulls ? nil : pulls.answer(to: request)
        let response = if let known { known } else { await decide(request) }
        if let image = response.pulled { services.pullTimes.note(image, by: request.context.caller) }
        return response
    }

    private func decide(_ request: DistributionRequest) async -> DistributionResponse {
        var decided = Decided()
        let version = services.database.version
        var response: DistributionResponse
        do {
            response = try await answer(request, &decided)
            response.action = decided.permissions.first?.action
            response = response.finished(for: request.method)
            guard decided.isPull, let version else { return response }
            return try await pulls.remember(response, to: request, in: version) { [decided] in
                try await !authorizer.restsOnPoliciesAlone(decided.permissions, request.context)
            }
        } catch {
            let failure = request.registry == nil ? Failure(error, publicRequest: request) : Failure(error, context: request.context)
            if failure.status.kind == .serverError {
                services.log.error("\(error)", metadata: ["request-id": "\(request.context.requestID)", "path": "\(request.path)"])
            }
            response = failure.response
        }
        response.action = decided.permissions.first?.action
        return response.finished(for: request.method)
    }

    /// What is known of a request beside its answer.
    private struct Decided {
        var permissions: [Permission] = []
        var isPull = false
    }

    /// The one way of a request: match, parse what it refers to, authorize, and only then look anything up.
    private func answer(_ request: DistributionRequest, _ decided: inout Decided) async throws -> DistributionResponse {
        let path = try RequestPath(request.path)
        if path.segments.isEmpty { return try ping(request) }
        let match = try Route.match(path, method: request.method)
        let place = try await place(of: match.name, in: request)
        let call = Call(
            request: request, registry: services.registry(place.registry), name: place.repository, fullName: match.name,
            query: try Query(request.query), authorizer: authorizer)
        let bound = try match.route.bind(call, match.parameter)
        decided = Decided(permissions: bound.permissions, isPull: match.route.isPull)
        try throttle(bound.permissions, request)
        return try await call.registry.decided {
            try await call.authorize(bound.permissions)
        } then: { registry in
            guard registry.reliesOnNames else { return try await bound.operation() }
            return try await match.route.bind(call.relying(on: registry), match.parameter).operation()
        }
    }

    /// Throws `throttled` for a caller that does one of the actions too often. Pulls do not even ask unless a rate bears on them.
    private func throttle(_ permissions: [Permission], _ request: DistributionRequest) throws {
        guard services.throttle.limitsPulls || (request.method != .get && request.method != .head) else { return }
        for action in Set(permissions.map(\.action)) { try services.throttle.take(action, request.context) }
    }

    /// Which repository the name in a path means: in public registries, an alias stands before it.
    private func place(of fullName: String, in request: DistributionRequest) async throws -> (registry: RegistryID, repository: RepositoryName) {
        if let registry = request.registry { return (registry, try RepositoryName(pathSegment: fullName, method: request.method)) }
        let parts = fullName.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else { throw DistributionError.nameInvalid(fullName) }
        let name = try RepositoryName(pathSegment: String(parts[1]), method: request.method)
        guard let registry = try await services.publicRegistry(named: String(parts[0])) else {
            throw RegistryError.registryNotFound(String(parts[0]))
        }
        return (registry, name)
    }

    /// `GET /v2/`: whether the caller's credentials are good; it needs no permission. A token for anonymous pulls is good where there are such.
    private func ping(_ request: DistributionRequest) throws -> DistributionResponse {
        guard request.method == .get || request.method == .head else { throw DistributionError.methodNotAllowed([.get, .head]) }
        guard request.registry == nil || request.context.caller.kind != .anonymous else { throw DistributionError.unauthorized }
        return try .json([String: String]())
    }
}
