import AWSCore
import IAM
import Identity
import Logging
import Stores

extension SessionFacts {
    /// Sessions of a user's own, of which none proves a second factor, may not change or read who has rights.
    fileprivate func permits(_ service: String, _ operation: String) -> Bool {
        switch origin {
        case .assumeRole, .webIdentity: true
        case .sessionToken: service == "sts" && ["AssumeRole", "GetCallerIdentity"].contains(operation)
        case .federationToken: service == "sts" && operation == "GetCallerIdentity"
        }
    }
}

/// One service of the Query protocol, IAM or STS: reads the form, authorizes, runs, and writes the answer.
package struct QueryDialect: Sendable {
    package let service: QueryService
    private let identity: IdentityServices
    private let authorizer: Authorizer
    private let log: Logger
    private let query: AWSQuery

    package init(_ service: QueryService, identity: IdentityServices, authorizer: Authorizer, log: Logger) {
        self.service = service
        self.identity = identity
        self.authorizer = authorizer
        self.log = log
        query = AWSQuery(namespace: service.namespace)
    }

    /// Runs the action of `form`; whatever goes wrong becomes an answer too.
    package func respond(to form: QueryForm, context: RequestContext) async -> AWSResponse {
        let name = form.text("Action")
        var response: AWSResponse
        do {
            response = try await run(operation(of: form), form, context)
        } catch {
            response = query.response(awsError(error, of: name, context), requestID: context.requestID)
        }
        response.action = name.flatMap { service.knows($0) ? "\(service.name):\($0)" : nil }
        return response
    }

    private func operation(of form: QueryForm) throws(AWSError) -> any QueryOperation.Type {
        guard let name = form.text("Action") else {
            throw AWSError("MissingAction", "The request is missing an action or a required parameter.")
        }
        let version = form.text("Version") ?? "NO_VERSION_SPECIFIED"
        guard version == service.version, service.knows(name) else {
            throw AWSError("InvalidAction", "Could not find operation \(name) for version \(version)")
        }
        guard let operation = service.operation(named: name) else {
            throw AWSError("InvalidAction", "Berth does not implement \(service.name):\(name).")
        }
        return operation
    }

    /// The way of every operation: decode, authorize, run, encode.
    private func run<Operation: QueryOperation>(
        _: Operation.Type, _ form: QueryForm, _ request: RequestContext
    ) async throws -> AWSResponse {
        guard request.caller.kind != .anonymous || Operation.isUnsigned else { throw SignatureError.missing.error(in: .query) }
        guard request.caller.session?.permits(service.name, Operation.name) ?? true else {
            throw AWSError("AccessDenied", "Cannot call \(Operation.name) with session credentials", status: 403)
        }
        let operation: Operation = try QueryDecoder.decode(form)
        let markers = PageTokens(
            keys: identity.keys, clock: identity.clock, scope: "marker \(service.name) \(Operation.name) \(request.caller.account)",
            refusal: AWSError("ValidationError", "Invalid Marker."))
        let context = OperationContext(request: request, identity: identity, authorizer: authorizer, markers: markers)
        try await authorizer.require(operation.permissions(context), request)
        return try query.response(await operation.run(context), action: Operation.name, requestID: request.requestID)
    }

    /// What the caller is told: all that has no place in the tables is an error of ours, its detail for the log only.
    private func awsError(_ error: any Error, of operation: String?, _ context: RequestContext) -> AWSError {
        switch error {
        case let error as AWSError: return error
        case let error as AccessDenied: return AWSError("AccessDenied", error.description, status: 403)
        case let error as IdentityError: return AWSError(error)
        default:
            log.error(
                "An operation failed.",
                metadata: [
                    "request-id": "\(context.requestID)", "action": "\(service.name):\(operation ?? "")", "error": "\(String(reflecting: error))",
                ])
            return AWSError(
                "ServiceFailure", "The request failed for a reason of the server's own. Request id: \(context.requestID)", status: 500)
        }
    }
}
