import AWSCore
import DistributionAPI
import HTTPTypes
import IAM
import Identity
import Logging
import NIOCore
import RegistryCore
import Stores

/// The docker side: finds out who calls and which registry is meant, and hands the request to the OCI dialect.
struct DockerCalls: Sendable {
    let backends: Backends
    let customDomains: [String: RegistryID]
    let regions: Set<Region>
    /// The registry of anonymous callers where the host names none.
    let home: RegistryID
    let publicCalls: PublicCalls
    /// True when clients are asked for tokens, which nobody gets too, instead of for a password.
    let takesTokens: Bool
    let log: Logger
    private let known = BoundedCache<String, DockerCredentials>(capacity: 1024)

    init(
        backends: Backends, customDomains: [String: RegistryID], regions: Set<Region>, home: RegistryID, publicCalls: PublicCalls, takesTokens: Bool,
        log: Logger
    ) {
        self.backends = backends
        self.customDomains = customDomains
        self.regions = regions
        self.home = home
        self.publicCalls = publicCalls
        self.takesTokens = takesTokens
        self.log = log
    }

    func answer(_ exchange: inout Exchange, _ body: IncomingBody) async -> Answer {
        let host = HostName(exchange.address.authority)
        if publicCalls.areMeant(by: host, exchange.address.authority) { return await publicCalls.answer(&exchange, body) }
        do {
            let named = registry(named: host)
            let caller = try await caller(credentials(exchange.head.headerFields), named)
            exchange.caller = caller
            let registry = named ?? RegistryID(account: caller.account, region: caller.region)
            guard regions.isEmpty || regions.contains(registry.region) else {
                return .denied("The region \(registry.region) is not served here.")
            }
            guard caller.kind == .anonymous || caller.region == registry.region else {
                return .denied("Your authorization token is for the region \(caller.region), not for \(registry.region).")
            }
            let request = DistributionRequest(
                method: exchange.head.method, path: exchange.path, query: exchange.query, headers: exchange.head.headerFields,
                body: AnyAsyncSequence(body), contentLength: body.length, context: RequestContext(exchange, caller, registry.region),
                registry: registry)
            var answer = Answer(await backends.distribution(request))
            if answer.status == .unauthorized { answer.headers[.wwwAuthenticate] = challenge(exchange) }
            return answer
        } catch TokenRefusal.expired {
            return .denied("Your authorization token has expired. Reauthenticate and try again.")
        } catch TokenRefusal.invalid {
            return .challenge(challenge(exchange))
        } catch {
            return .tokenNotChecked(error, exchange, log)
        }
    }

    /// Clients send the same header with each of their requests, and decoding it costs more than finding it.
    private func credentials(_ fields: HTTPFields) -> DockerCredentials {
        guard let header = fields[.authorization] else { return .none }
        if let known = known[header] { return known }
        let credentials = DockerCredentials(fields)
        if case .password = credentials { known[header] = credentials }
        return credentials
    }

    /// `/token/`: where tokens are.
    func token(_ exchange: inout Exchange) async -> Answer {
        if publicCalls.areMeant(by: HostName(exchange.address.authority), exchange.address.authority) {
            return await publicCalls.token(&exchange, for: backends.publicRegistries.dockerCaller)
        }
        return takesTokens ? await publicCalls.token(&exchange, for: backends.dockerCaller) : .nothingHere
    }

    private func challenge(_ exchange: Exchange) -> String {
        let origin = exchange.address.origin
        return takesTokens ? Challenge.bearer(at: origin) : Challenge.basic(at: origin)
    }

    private func registry(named host: HostName?) -> RegistryID? {
        guard let host else { return nil }
        return host.registry ?? (customDomains.isEmpty ? nil : customDomains[host.name])
    }

    private func caller(_ credentials: DockerCredentials, _ named: RegistryID?) async throws -> Caller {
        let nobody = Caller.anonymous(account: home.account, region: named?.region ?? home.region)
        switch credentials {
        case .none: return nobody
        case .password(let password): return try await backends.dockerCaller(password)
        case .bearer(let token) where takesTokens:
            return try await backends.publicRegistries.isAnonymousToken(token) ? nobody : try await backends.dockerCaller(token)
        case .bearer, .unusable: throw TokenRefusal.invalid
        }
    }
}

extension RequestContext {
    /// The dialect's links lead back to the host that was asked: docker sends its credentials nowhere else.
    init(_ exchange: Exchange, _ caller: Caller, _ region: Region) {
        self.init(
            caller: caller, region: region, requestID: exchange.requestID, sourceIP: exchange.address.sourceIP,
            isSecure: exchange.address.isSecure, userAgent: exchange.head.headerFields[.userAgent],
            referer: exchange.head.headerFields[.referer], origin: exchange.address.origin)
    }
}

extension Answer {
    /// What docker asks for its credentials after; the text and the header are ECR's.
    static func challenge(_ challenge: String) -> Answer {
        var answer = Answer.text(.unauthorized, "Not Authorized\n")
        answer.headers[.wwwAuthenticate] = challenge
        answer.headers[.distributionVersion] = "registry/2.0"
        return answer
    }

    static func denied(_ message: String) -> Answer { error(.forbidden, "DENIED", message) }

    /// For an error of our own, its detail for the log only.
    static func tokenNotChecked(_ error: any Error, _ exchange: Exchange, _ log: Logger) -> Answer {
        log.error("docker token could not be checked", metadata: ["request-id": "\(exchange.requestID)", "error": "\(String(reflecting: error))"])
        return .error(.internalServerError, "UNKNOWN", "An internal error occurred.")
    }

    /// An error in the form of the OCI specification.
    fileprivate static func error(_ status: HTTPResponse.Status, _ code: String, _ message: String) -> Answer {
        var json = JSONWriter()
        json.object { $0.member("errors", [["code": code, "message": message]]) }
        return Answer(
            status, [.contentType: "application/json; charset=utf-8", .distributionVersion: "registry/2.0"],
            body: .bytes(ByteBuffer(bytes: json.bytes)))
    }
}

extension HTTPField.Name {
    fileprivate static let distributionVersion = named("Docker-Distribution-Api-Version")
}
