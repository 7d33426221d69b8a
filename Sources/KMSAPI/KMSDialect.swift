import AWSCore
import IAM
import Identity
import KMS
import Logging
import Stores

/// The KMS API, `TrentService`, for the keys that are held here.
package struct KMSDialect: Sendable {
    private let services: KMSServices
    private let access: KeyAuthorizer
    private let log: Logger

    package init(services: KMSServices, authorizer: Authorizer, log: Logger) {
        self.services = services
        access = KeyAuthorizer(database: services.database, authorizer: authorizer)
        self.log = log
    }

    /// Runs the operation that `X-Amz-Target` names after its dot; whatever goes wrong becomes an answer too.
    package func respond(to operation: String, body: [UInt8], context: RequestContext) async -> AWSResponse {
        var response: AWSResponse
        do {
            response = AWSJSON.response(try await answer(operation, body, context), requestID: context.requestID)
        } catch {
            response = AWSJSON.response(awsError(error, of: operation, context), requestID: context.requestID)
        }
        response.action = Operations.isKnown(operation) ? "kms:\(operation)" : nil
        return response
    }

    private func answer(_ name: String, _ body: [UInt8], _ context: RequestContext) async throws -> any JSONObject {
        guard let operation = Operations.named(name) else {
            throw Operations.isKnown(name)
                ? AWSError(
                    "UnsupportedOperationException",
                    "Berth does not implement kms:\(name): its keys are symmetric, of its own material, in one region.")
                : AWSError("UnknownOperationException")
        }
        return try await run(operation, body, context)
    }

    private func run<Operation: KMSOperation>(_: Operation.Type, _ body: [UInt8], _ context: RequestContext) async throws -> any JSONObject {
        let operation: Operation = try AWSJSON.decode(body, isCapitalized: true)
        let ring = services.ring(context.caller.account, context.region)
        let markers = PageTokens(
            keys: services.keys, clock: services.clock, scope: "kms marker \(Operation.name) \(ring.account) \(ring.region)",
            refusal: KeyFailure(.invalidMarker, "Marker is invalid or has expired."))
        return try await operation.run(
            KMSCall(
                ring: ring, request: context, access: access, principals: PolicyPrincipals(database: services.database), markers: markers,
                action: Operation.name))
    }

    /// What the caller is told: all that has no place here is an error of ours, its detail for the log only.
    private func awsError(_ error: any Error, of operation: String, _ context: RequestContext) -> AWSError {
        switch error {
        case let error as AWSError: return error
        case let failure as KeyFailure: return AWSError(kms: failure)
        case InputFault.malformed: return AWSError("SerializationException")
        case InputFault.refused(let violation): return AWSError(violation)
        case let violation as ConstraintViolation: return AWSError(violation)
        case let error as AccessDenied: return AWSError("AccessDeniedException", error.description)
        default:
            log.error(
                "An operation failed.",
                metadata: ["request-id": "\(context.requestID)", "action": "kms:\(operation)", "error": "\(String(reflecting: error))"])
            return AWSError(
                "KMSInternalException", "The request failed for a reason of the server's own. Request id: \(context.requestID)", status: 500)
        }
    }
}

extension AWSError {
    /// What a rule of KMS says, with the status that the model gives it.
    fileprivate init(kms failure: KeyFailure) {
        let status =
            switch failure.code {
            case .unavailable, .keyUnavailable: 500
            case .dependencyTimeout: 503
            default: 400
            }
        self.init(failure.code.rawValue, failure.message, status: status)
    }

    fileprivate init(_ violation: ConstraintViolation) {
        self.init(
            "ValidationException", "1 validation error detected: Value at '\(violation.member)' failed to satisfy constraint: \(violation.reason)")
    }
}
