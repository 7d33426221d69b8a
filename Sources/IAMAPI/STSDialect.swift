import AWSCore
import IAM

/// The Security Token Service, version 2011-06-15, of the Query protocol.
package struct STSDialect: Sendable {
    static let version = "2011-06-15"

    private let query = AWSQuery(namespace: "https://sts.amazonaws.com/doc/\(version)/")

    package init() {}

    /// Runs the action of a form; whatever goes wrong becomes an answer too.
    package func respond(to form: [UInt8], context: RequestContext) async -> AWSResponse {
        var action: String?
        do {
            let form = try QueryForm(form)
            let operation = try Self.operation(of: form)
            action = "sts:\(operation.rawValue)"
            return try answer(to: operation, context).naming(action)
        } catch let error as AWSError {
            return query.response(error, requestID: context.requestID).naming(action)
        } catch {
            return query.response(AWSError("ServiceFailure", status: 500), requestID: context.requestID).naming(action)
        }
    }

    private func answer(to operation: Operation, _ context: RequestContext) throws -> AWSResponse {
        guard context.caller.kind != .anonymous || operation.isUnsigned else { throw SignatureError.missing.error(in: .query) }
        switch operation {
        case .getCallerIdentity:
            return try query.response(getCallerIdentity(context.caller), action: operation.rawValue, requestID: context.requestID)
        default:
            throw AWSError("UnsupportedOperation", "Berth does not implement sts:\(operation.rawValue) yet.")
        }
    }

    private static func operation(of form: QueryForm) throws(AWSError) -> Operation {
        guard let name = form.text("Action") else {
            throw AWSError("MissingAction", "The request is missing an action or a required parameter.")
        }
        let version = form.text("Version") ?? "NO_VERSION_SPECIFIED"
        guard version == Self.version, let operation = Operation(rawValue: name) else {
            throw AWSError("InvalidAction", "Could not find operation \(name) for version \(version)")
        }
        return operation
    }
}

extension AWSResponse {
    /// The answer with the IAM action that it is to.
    fileprivate func naming(_ action: String?) -> AWSResponse {
        var response = self
        response.action = action
        return response
    }
}
