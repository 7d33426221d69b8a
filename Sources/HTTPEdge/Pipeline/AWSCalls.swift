import AWSCore
import HTTPTypes
import IAM
import Logging

/// The AWS protocols: reads the call, proves who makes it, and hands it to its dialect.
struct AWSCalls: Sendable {
    let backends: Backends
    let authentication: AWSAuthentication
    let budget: CallBudget
    let limits: EdgeLimits
    let origin: Origin?
    let log: Logger
    private static let sts = AWSQuery(namespace: "https://sts.amazonaws.com/doc/2011-06-15/")

    /// An operation of ECR.
    func ecr(_ operation: String, _ exchange: inout Exchange, _ body: IncomingBody) async -> Answer {
        do {
            let claim = try SignatureClaim(of: exchange.signable(body: []))
            let limit = operation == "UploadLayerPart" ? limits.layerPartCallBytes : limits.callBytes
            let (bytes, share) = try await budget.collect(body, upTo: limit)
            let caller = try await authentication.caller(of: claim, exchange.signable(body: bytes), service: "ecr")
            exchange.caller = caller
            let response = await backends.ecr(operation, bytes, context(exchange, caller))
            return withExtendedLifetime(share) { Answer(response) }
        } catch {
            return Answer(AWSJSON.response(refusal(error, .json, exchange), requestID: exchange.requestID))
        }
    }

    /// An action of STS; of a GET, the query is the form.
    func query(_ exchange: inout Exchange, _ body: IncomingBody) async -> Answer {
        do {
            let claim = try SignatureClaim(of: exchange.signable(body: []))
            let (bytes, share) = try await budget.collect(body, upTo: limits.callBytes)
            let caller = try await authentication.caller(of: claim, exchange.signable(body: bytes), service: "sts")
            exchange.caller = caller
            let form = exchange.head.method == .get ? Array((exchange.query ?? "").utf8) : bytes
            let response = await backends.sts(form, context(exchange, caller))
            return withExtendedLifetime(share) { Answer(response) }
        } catch {
            return Answer(Self.sts.response(refusal(error, .query, exchange), requestID: exchange.requestID))
        }
    }

    /// An awsJson call to a service that there is not.
    func unknownTarget(_ exchange: Exchange) -> Answer {
        Answer(AWSJSON.response(AWSError("UnknownOperationException"), requestID: exchange.requestID))
    }

    private func context(_ exchange: Exchange, _ caller: Caller) -> RequestContext {
        RequestContext(
            caller: caller, region: caller.region, requestID: exchange.requestID, sourceIP: exchange.address.sourceIP,
            isSecure: exchange.address.isSecure, userAgent: exchange.head.headerFields[.userAgent],
            origin: origin?.description ?? exchange.address.origin)
    }

    private func refusal(_ error: any Error, _ dialect: SignatureError.Dialect, _ exchange: Exchange) -> AWSError {
        let suffix = dialect == .json ? "Exception" : ""
        switch error {
        case let error as SignatureError: return error.error(in: dialect)
        case CollectionError.tooLarge(let limit):
            return AWSError("RequestEntityTooLarge" + suffix, "The request's body must not be larger than \(limit) bytes.", status: 413)
        case CollectionError.budgetSpent:
            return AWSError("Throttling" + suffix, "Rate exceeded: too many large requests at the same time.")
        case is BodyError: return AWSError("RequestTimeout" + suffix, "The request's body did not arrive in time, or not whole.")
        default:
            log.error("call failed before its operation", metadata: ["request-id": "\(exchange.requestID)", "error": "\(String(reflecting: error))"])
            return AWSError(dialect == .json ? "ServerException" : "InternalFailure", "An internal error occurred.", status: 500)
        }
    }
}

extension Exchange {
    /// The parts of the request that a signature covers.
    func signable(body: [UInt8]) -> SignableRequest {
        var headers = [(name: "Host", value: address.authority)]
        headers.reserveCapacity(head.headerFields.count + 1)
        for field in head.headerFields { headers.append((field.name.rawName, field.value)) }
        return SignableRequest(method: head.method.rawValue, path: path, query: query ?? "", headers: headers, body: body)
    }
}
