import AWSCore
import Foundation
import IAM
import Identity
import RegistryCore
import TestSupport
import Testing

@testable import ECRAPI

/// The API in process, over an installation of its own.
struct Wire {
    let installation: TestInstallation
    let dialect: ECRDialect
    let caller: Caller

    init(_ api: ECRDialect.API = .ecr, limits: Limits = Limits(), encryptsAtRest: Bool = false) async throws {
        installation = try TestInstallation(limits: limits, encryptsAtRest: encryptsAtRest)
        let services = installation.services
        try await Accounts(database: services.database).establish(installation.account)
        let accessKeys = AccessKeys(database: services.database, keys: services.keys, ids: services.ids)
        let key = try await accessKeys.resetRootKey(of: installation.account)
        caller = .root(of: installation.account, accessKeyID: key.id, region: installation.region)
        let identity = installation.identity
        dialect = ECRDialect(
            api, services: services, tokens: api == .ecr ? identity.dockerTokens : identity.publicTokens, authorizer: installation.authorizer)
    }

    /// What came back, as a client sees it.
    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: JSON
        /// The IAM action, for the log.
        let action: String?

        var code: String? { body["__type"]?.text }
        var message: String? { body["message"]?.text }
    }

    /// Sends one request as the account's root, or as `caller`.
    func call(_ operation: String, _ request: JSON = [:], as caller: Caller? = nil) async throws -> Answer {
        try await send(operation, request.bytes, as: caller)
    }

    /// Sends bytes that need not be JSON.
    func send(_ operation: String, _ body: [UInt8], as caller: Caller? = nil) async throws -> Answer {
        let response = await dialect.respond(to: operation, body: body, context: installation.context(caller ?? self.caller))
        return Answer(
            status: response.status, headers: Dictionary(response.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { "\($0), \($1)" }),
            body: try JSON(bytes: response.body), action: response.action)
    }

    /// Sends one request that must go well; its answer's body.
    @discardableResult
    func succeed(_ operation: String, _ request: JSON = [:], location: SourceLocation = #_sourceLocation) async throws -> JSON {
        let answer = try await call(operation, request)
        #expect(answer.status == 200, "\(operation): \(answer.body)", sourceLocation: location)
        return answer.body
    }

    /// Makes a role of the account that ECR may assume.
    func makeRole(_ name: String) async throws {
        let trust = #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ecr.amazonaws.com"},"Action":"sts:AssumeRole"}}"#
        _ = try await installation.identity.account(installation.account).createRole(name, path: "/", trustPolicy: trust, description: nil, tags: [])
    }

    /// Uploads `bytes` as one layer; its digest.
    @discardableResult
    func push(layer: TestImage.Blob, to repository: String) async throws -> String {
        let digest = layer.descriptor.digest.description
        let upload = try await succeed("InitiateLayerUpload", ["repositoryName": .string(repository)])
        let common: [String: JSON] = ["repositoryName": .string(repository), "uploadId": upload["uploadId"] ?? .null]
        let part: [String: JSON] = [
            "partFirstByte": 0, "partLastByte": .integer(layer.bytes.count - 1), "layerPartBlob": .string(layer.bytes.base64),
        ]
        try await succeed("UploadLayerPart", .object(common.merging(part) { $1 }))
        try await succeed("CompleteLayerUpload", .object(common.merging(["layerDigests": [.string(digest)]]) { $1 }))
        return digest
    }

    /// Uploads an image through the API alone; its digest.
    @discardableResult
    func push(_ image: TestImage, to repository: String, tag: String? = nil) async throws -> String {
        for blob in image.blobs { try await push(layer: blob, to: repository) }
        let answer = try await succeed(
            "PutImage",
            .object(
                ["repositoryName": .string(repository), "imageManifest": .string(String(decoding: image.manifest.payload, as: UTF8.self))]
                    .merging(tag.map { ["imageTag": .string($0)] } ?? [:]) { $1 }))
        return try #require(answer["image"]?["imageId"]?["imageDigest"]?.text)
    }
}

extension [UInt8] {
    var base64: String { Data(self).base64EncodedString() }
}
