import AWSCore
import DistributionAPI
import ECRAPI
import HTTPTypes
import IAM
import IAMAPI
import Logging
import RegistryCore

/// The AWS protocols: reads the call, proves who makes it, and hands it to its dialect.
struct AWSCalls: Sendable {
    let backends: Backends
    let authentication: AWSAuthentication
    let budget: CallBudget
    let limits: EdgeLimits
    let origin: Origin?
    let log: Logger
    /// Where callers without credentials are.
    let home: RegistryID

    /// The most that a form without signature may have: a web identity token and two policies.
    private static let unsignedFormBytes = 128 << 10

    /// A part of a layer is 20 MiB in base64; a manifest of 4 MiB may be several times as large with JSON's escapes.
    private static let largeCalls: Set<String> = ["UploadLayerPart", "PutImage"]

    /// An operation of an API of registries. ECR Public is signed for us-east-1, whatever regions are served.
    func ecr(_ api: ECRDialect.API, _ operation: String, _ exchange: inout Exchange, _ body: IncomingBody) async -> Answer {
        do {
            let claim = try SignatureClaim(of: exchange.signable(body: []))
            let limit = Self.largeCalls.contains(operation) ? limits.layerPartCallBytes : limits.callBytes
            let (bytes, share) = try await budget.collect(body, upTo: limit)
            let caller = try await authentication.caller(
                of: claim, exchange.signable(body: bytes), service: api.rawValue, isGlobal: api == .ecrPublic)
            exchange.caller = caller
            let response = await backends.ecr(api, operation, bytes, context(exchange, caller))
            return withExtendedLifetime(share) { Answer(response) }
        } catch {
            return Answer(AWSJSON.response(refusal(error, .json, exchange), requestID: exchange.requestID))
        }
    }

    /// An operation of KMS.
    func kms(_ operation: String, _ exchange: inout Exchange, _ body: IncomingBody) async -> Answer {
        do {
            let claim = try SignatureClaim(of: exchange.signable(body: []))
            let (bytes, share) = try await budget.collect(body, upTo: limits.callBytes)
            let caller = try await authentication.caller(of: claim, exchange.signable(body: bytes), service: "kms", isGlobal: false)
            exchange.caller = caller
            let response = await backends.kms(operation, bytes, context(exchange, caller))
            return withExtendedLifetime(share) { Answer(response) }
        } catch {
            return Answer(AWSJSON.response(refusal(error, .json, exchange), requestID: exchange.requestID))
        }
    }

    /// An action of IAM or STS; of a GET, the query is the form.
    func query(_ exchange: inout Exchange, _ body: IncomingBody) async -> Answer {
        var service = QueryService.sts
        do {
            let claim = try claim(of: exchange)
            let (bytes, share) = try await budget.collect(body, upTo: claim == nil ? Self.unsignedFormBytes : limits.callBytes)
            let form = try QueryForm(exchange.head.method == .get ? Array((exchange.query ?? "").utf8) : bytes)
            service = QueryService.all.first { $0.version == form.text("Version") } ?? service
            exchange.dialect = .query(service.name)
            let caller = try await caller(claim, form, service, exchange, bytes)
            exchange.caller = caller
            let response = await backends.query(service, form, context(exchange, caller))
            return withExtendedLifetime(share) { Answer(response) }
        } catch {
            let protocolOfService = AWSQuery(namespace: service.namespace)
            return Answer(protocolOfService.response(refusal(error, .query, exchange), requestID: exchange.requestID))
        }
    }

    /// The signature of a form; nil when nothing is signed, which a few operations are made for.
    private func claim(of exchange: Exchange) throws -> SignatureClaim? {
        do {
            return try SignatureClaim(of: exchange.signable(body: []))
        } catch SignatureError.missing {
            return nil
        }
    }

    /// Who makes the call. Throws `SignatureError`.
    private func caller(
        _ claim: SignatureClaim?, _ form: QueryForm, _ service: QueryService, _ exchange: Exchange, _ body: [UInt8]
    ) async throws -> Caller {
        if let claim {
            return try await authentication.caller(of: claim, exchange.signable(body: body), service: service.name, isGlobal: true)
        }
        guard service.isUnsigned(form.text("Action") ?? "") else { throw SignatureError.missing }
        return .anonymous(account: home.account, region: home.region)
    }

    /// An awsJson call to a service that there is not.
    func unknownTarget(_ exchange: Exchange) -> Answer {
        Answer(AWSJSON.response(AWSError("UnknownOperationException"), requestID: exchange.requestID))
    }

    private func context(_ exchange: Exchange, _ caller: Caller) -> RequestContext {
        RequestContext(
            caller: caller, region: caller.region, requestID: exchange.requestID, sourceIP: exchange.address.sourceIP,
            isSecure: exchange.address.isSecure, userAgent: exchange.head.headerFields[.userAgent], referer: exchange.head.headerFields[.referer],
            origin: origin?.description ?? exchange.address.origin)
    }

    private func refusal(_ error: any Error, _ dialect: SignatureError.Dialect, _ exchange: Exchange) -> AWSError {
        let suffix = dialect == .json ? "Exception" : ""
        switch error {
        case let error as SignatureError: return error.error(in: dialect)
        case let error as AWSError: return error
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
