import AWSCore
import Foundation
import IAM
import Identity
import KMS
import Logging
import TestSupport
import Testing

@testable import KMSAPI

/// KMS in process, over an installation of its own.
struct KMSWire {
    let installation: TestInstallation
    let services: KMSServices
    let dialect: KMSDialect

    init(limits: KMSLimits = KMSLimits()) async throws {
        let installation = try TestInstallation()
        try await Accounts(database: installation.services.database).establish(installation.account)
        let services = KMSServices(
            database: installation.recording, keys: installation.keys, clock: installation.clock, ids: installation.ids, limits: limits)
        self.init(installation, services)
    }

    /// The KMS that the ECR of `installation` uses.
    init(of installation: TestInstallation) { self.init(installation, installation.kms) }

    private init(_ installation: TestInstallation, _ services: KMSServices) {
        self.installation = installation
        self.services = services
        dialect = KMSDialect(
            services: services, authorizer: installation.authorizer, log: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// Sends one request as the account's root, or as `caller`.
    func call(_ operation: String, _ request: JSON = [:], as caller: Caller? = nil) async throws -> Wire.Answer {
        let response = await dialect.respond(to: operation, body: try request.bytes, context: installation.context(caller))
        return Wire.Answer(
            status: response.status, headers: Dictionary(response.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { "\($0), \($1)" }),
            body: try JSON(bytes: response.body), action: response.action)
    }

    /// Sends one request that must go well; its answer's body.
    @discardableResult
    func succeed(_ operation: String, _ request: JSON = [:], as caller: Caller? = nil, location: SourceLocation = #_sourceLocation) async throws
        -> JSON
    {
        let answer = try await call(operation, request, as: caller)
        #expect(answer.status == 200, "\(operation): \(answer.body)", sourceLocation: location)
        return answer.body
    }

    /// Makes a key; its id.
    func createKey(_ request: JSON = [:]) async throws -> String {
        try #require(try await succeed("CreateKey", request)["KeyMetadata"]?["KeyId"]?.text)
    }
}
