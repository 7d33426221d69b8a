import AWSCore
import DistributionAPI
import HTTPTypes
import IAM
import Identity
import Logging
import NIOCore
import RegistryCore
import Stores

/// The docker side of public registries: everybody gets a token, whoever has a password one for it, and pulls with it.
struct PublicCalls: Sendable {
    let backends: Backends
    /// The names by which public registries are reached.
    let hosts: [PublicHost]
    /// True when every request to this listener means them.
    let isWholeListener: Bool
    /// The account of anonymous callers, who have no rights in it.
    let account: AccountID
    let log: Logger

    /// True when public registries are meant by a request to `authority`, whose host is `host`.
    func areMeant(by host: HostName?, _ authority: String) -> Bool {
        isWholeListener || host.map { host in hosts.contains { $0.isMeant(by: host, authority) } } ?? false
    }

    /// A request below `/v2`.
    func answer(_ exchange: inout Exchange, _ body: IncomingBody) async -> Answer {
        await answer(refusing: exchange) {
            let caller = try await caller(DockerCredentials(exchange.head.headerFields))
            exchange.caller = caller
            let request = DistributionRequest(
                method: exchange.head.method, path: exchange.path, query: exchange.query, headers: exchange.head.headerFields,
                body: AnyAsyncSequence(body), contentLength: body.length, context: RequestContext(exchange, caller, .usEast1), registry: nil)
            return Answer(await backends.distribution(request))
        }
    }

    /// `/token/`: a token for the password that is given, which `dockerCaller` knows, or for nobody.
    func token(_ exchange: inout Exchange, for dockerCaller: @Sendable (_ password: String) async throws -> Caller) async -> Answer {
        guard exchange.head.method == .get || exchange.head.method == .head else { return .readOnly("A token is given by GET.\n") }
        return await answer(refusing: exchange) {
            switch DockerCredentials(exchange.head.headerFields) {
            case .none:
                let token = try await backends.publicRegistries.issueAnonymousToken()
                return Self.answer(token.text, lifetime: token.lifetime)
            case .password(let password):
                exchange.caller = try await dockerCaller(password)
                // The password is a token already: opaque, and it ends when it must.
                return Self.answer(password, lifetime: .seconds(300))
            case .bearer, .unusable: throw TokenRefusal.invalid
            }
        }
    }

    private static func answer(_ token: String, lifetime: Duration) -> Answer {
        var json = JSONWriter()
        json.object {
            $0.member("token", token)
            $0.member("access_token", token)
            $0.member("expires_in", lifetime.components.seconds)
        }
        return Answer(.ok, [.contentType: "application/json", .cacheControl: "no-store"], body: .bytes(ByteBuffer(bytes: json.bytes)))
    }

    private func caller(_ credentials: DockerCredentials) async throws -> Caller {
        switch credentials {
        case .password(let password): return try await backends.publicRegistries.dockerCaller(password)
        case .bearer(let token):
            guard try await !backends.publicRegistries.isAnonymousToken(token) else { return .anonymous(account: account, region: .usEast1) }
            return try await backends.publicRegistries.dockerCaller(token)
        case .none, .unusable: throw TokenRefusal.invalid
        }
    }

    private func answer(refusing exchange: Exchange, _ body: () async throws -> Answer) async -> Answer {
        do {
            return try await body()
        } catch TokenRefusal.expired {
            return .denied("Your authorization token has expired. Reauthenticate and try again.")
        } catch TokenRefusal.invalid {
            return .challenge(Challenge.bearer(at: exchange.address.origin))
        } catch {
            return .tokenNotChecked(error, exchange, log)
        }
    }
}

extension HTTPField.Name {
    fileprivate static let cacheControl = named("Cache-Control")
}
