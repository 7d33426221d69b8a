import AWSCore
import Foundation
import IAM
import Identity
import TestSupport
import Testing

@testable import IAMAPI

/// The services of the Query protocol in process, over an installation of its own.
struct QueryWire {
    let installation: TestInstallation
    let identity: IdentityServices
    /// Which service a call is for when it does not say.
    let service: QueryService
    let root: Caller

    init(_ service: QueryService = .iam) async throws {
        installation = try TestInstallation()
        identity = installation.identity
        try await Accounts(database: identity.database).establish(installation.account)
        self.service = service
        root = installation.root
    }

    /// What came back, as a client sees it.
    struct Answer: Sendable {
        let status: Int
        let body: XML
        /// The IAM action, for the log.
        let action: String?

        var code: String? { body["Error"]?["Code"]?.text }
        var message: String? { body["Error"]?["Message"]?.text }
    }

    /// Sends one request as the account's root, or as `caller`.
    func call(
        _ operation: String, _ parameters: [String: String] = [:], as caller: Caller? = nil, of service: QueryService? = nil
    ) async throws -> Answer {
        let service = service ?? self.service
        let dialect = QueryDialect(service, identity: identity, authorizer: installation.authorizer, log: installation.services.log)
        let all = parameters.merging(["Action": operation, "Version": service.version]) { $1 }
        let form = all.sorted { $0.key < $1.key }.map { "\($0.key.percentEncoded)=\($0.value.percentEncoded)" }.joined(separator: "&")
        let response = await dialect.respond(to: try QueryForm(form.utf8), context: installation.context(caller ?? root))
        return Answer(status: response.status, body: try XML(String(decoding: response.body, as: UTF8.self)), action: response.action)
    }

    /// Sends one request that must go well; its answer's body.
    @discardableResult
    func succeed(
        _ operation: String, _ parameters: [String: String] = [:], as caller: Caller? = nil, of service: QueryService? = nil,
        location: SourceLocation = #_sourceLocation
    ) async throws -> XML {
        let answer = try await call(operation, parameters, as: caller, of: service)
        #expect(answer.status == 200, "\(operation): \(answer.body.lines)", sourceLocation: location)
        return answer.body
    }

    /// Nobody: without a signature.
    var anonymous: Caller { .anonymous(account: installation.account, region: installation.region) }

    /// Whom temporary credentials stand for.
    func session(_ accessKeyID: String, _ token: String) async throws -> Caller {
        guard case .known(_, let caller) = try await identity.credentials.signer(accessKeyID, sessionToken: token, region: installation.region) else {
            throw TestSetupError("the credentials are not good")
        }
        return caller
    }

    /// The user of this name as a caller.
    func user(_ name: String) async throws -> Caller {
        let user = try await identity.account(installation.account).entity(.user, named: name)
        return Caller(
            kind: .user(name: user.name), account: user.account, arn: user.arn.description, userID: user.id, accessKeyID: nil,
            region: installation.region)
    }
}

extension String {
    fileprivate var percentEncoded: String {
        addingPercentEncoding(withAllowedCharacters: CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"))
            ?? ""
    }
}
