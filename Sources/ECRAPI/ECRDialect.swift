import AWSCore
import IAM
import Identity
import Lifecycle
import Logging
import RegistryCore
import Stores

/// An API of registries.
package struct ECRDialect: Sendable {
    /// The APIs of registries.
    package enum API: String, Sendable {
        /// The private ECR API, `AmazonEC2ContainerRegistry_V20150921`.
        case ecr
        /// The ECR Public API, `SpencerFrontendService`.
        case ecrPublic = "ecr-public"
    }

    let api: API
    let operations: OperationTable
    let services: RegistryServices
    let tokens: DockerTokens
    let authorizer: Authorizer
    let publicHost: @Sendable (RequestContext) -> String

    /// `publicHost` tells the host of a request's answers under which public registries are reached, perhaps with a port.
    package init(
        _ api: API = .ecr, services: RegistryServices, tokens: DockerTokens, authorizer: Authorizer,
        publicHost: @escaping @Sendable (RequestContext) -> String = { _ in "public.ecr.aws" }
    ) {
        self.api = api
        operations =
            switch api {
            case .ecr: .ecr
            case .ecrPublic: .ecrPublic
            }
        self.services = services
        self.tokens = tokens
        self.authorizer = authorizer
        self.publicHost = publicHost
    }

    /// True of the names of the private API's operations.
    package static func isOperation(_ name: String) -> Bool { OperationTable.ecr.isKnown(name) }

    /// Runs the operation that `X-Amz-Target` names after its dot; whatever goes wrong becomes an answer too.
    package func respond(to operation: String, body: [UInt8], context: RequestContext) async -> AWSResponse {
        var response: AWSResponse
        do {
            response = try await answer(operation, body, context)
        } catch {
            response = AWSJSON.response(awsError(error, of: operation, context), requestID: context.requestID)
        }
        response.action = operations.isKnown(operation) ? "\(api.rawValue):\(operation)" : nil
        return response
    }

    private func answer(_ name: String, _ body: [UInt8], _ context: RequestContext) async throws -> AWSResponse {
        guard let operation = operations.named(name) else {
            throw operations.isKnown(name)
                ? AWSError.unsupported("Berth does not implement \(api.rawValue):\(name) yet.") : AWSError("UnknownOperationException")
        }
        try services.throttle.take("\(api.rawValue):\(name)", context)
        return AWSJSON.response(try await run(operation, body, context), requestID: context.requestID)
    }

    /// The way of every operation: decode, choose the registry, authorize, run. Nothing is looked up before it is allowed.
    private func run<Operation: ECROperation>(
        _: Operation.Type, _ body: [UInt8], _ context: RequestContext
    ) async throws -> any JSONObject {
        let operation: Operation = try AWSJSON.decode(body)
        let account = try await operation.registryId?.account(in: services) ?? context.caller.account
        let registry = services.registry(try Operation.Service.registry(of: account, in: context.region))
        let pages = PageTokens(
            keys: services.keys, clock: services.clock, scope: "page-token \(Operation.name) \(registry.id.account) \(registry.id.place)",
            refusal: ConstraintViolation.nextToken)
        let all = OperationContext(
            request: context, tokens: tokens, authorizer: authorizer, principals: PolicyPrincipals(database: services.database), pages: pages,
            publicHost: publicHost(context))
        return try await registry.decided {
            try await authorizer.require(operation.permissions(in: registry), context)
        } then: { registry in
            try await operation.run(in: registry, context: all)
        }
    }

    /// What the caller is told: all that has no place in the tables is an error of ours, its detail for the log only.
    private func awsError(_ error: any Error, of operation: String, _ context: RequestContext) -> AWSError {
        switch error {
        case let error as AWSError: return error
        case let error as InputFault: return error.error()
        case let error as ConstraintViolation: return InputFault.refused(error).error()
        case let fault as LifecyclePolicyFault:
            return InputFault.refused(ConstraintViolation(member: "LifecyclePolicyText", reason: fault.reason)).error()
        case let error as AccessDenied: return AWSError("AccessDeniedException", error.description)
        case let error as RegistryError: return AWSError(error)
        case let failure as KeyFailure: return AWSError(failure)
        case BlobStoreError.full, DatabaseError.full: return AWSError(.storageFull)
        default:
            services.log.error(
                "An operation failed.",
                metadata: [
                    "request-id": "\(context.requestID)", "action": "\(api.rawValue):\(operation)", "error": "\(String(reflecting: error))",
                ])
            return AWSError("ServerException", "The request failed for a reason of the server's own. Request id: \(context.requestID)", status: 500)
        }
    }
}

extension AWSError {
    /// What Berth does not do, said instead of done wrongly.
    static func unsupported(_ message: String) -> AWSError { AWSError("UnsupportedOperationException", message) }
}
