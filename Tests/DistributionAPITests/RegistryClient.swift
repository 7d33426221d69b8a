import AWSCore
import Authorization
import DistributionAPI
import Foundation
import HTTPTypes
import IAM
import NIOCore
import OCI
import RegistryCore
import Stores
import Synchronization
import TestSupport
import Testing

/// An answer as a client sees it, its body read.
struct Answer {
    struct Failure: Decodable {
        let code: String
        let message: String
    }

    let status: Int
    let headers: HTTPFields
    let body: [UInt8]
    let action: String?

    subscript(header: String) -> String? { HTTPField.Name(header).flatMap { headers[$0] } }

    func values(of header: String) -> [String] { HTTPField.Name(header).map { headers[values: $0] } ?? [] }

    /// The only error of the body.
    var failure: Failure? {
        struct Body: Decodable {
            let errors: [Failure]
        }
        guard let errors = try? JSONDecoder().decode(Body.self, from: Data(body)).errors, errors.count == 1 else { return nil }
        return errors[0]
    }

    /// `200`, or `404 NAME_UNKNOWN`.
    var summary: String { ([String(status)] + (failure.map { [$0.code] } ?? [])).joined(separator: " ") }

    /// The target of the Link header.
    var next: String? {
        guard let link = self["Link"], link.hasSuffix(#">; rel="next""#) else { return nil }
        return String(link.dropFirst().dropLast(#">; rel="next""#.count))
    }
}

/// How many decisions were made.
final class Decisions: Sendable {
    private let made = Mutex(0)

    var count: Int { made.withLock { $0 } }

    fileprivate func next() -> Int {
        made.withLock { made in
            defer { made += 1 }
            return made
        }
    }
}

/// A registry of its own with repositories `app` and `other`, and a client that talks to its dialect.
struct RegistryClient {
    let installation: TestInstallation
    private(set) var dialect: DistributionDialect
    /// Nil: the account's root.
    var caller: Caller?
    var sourceIP = "192.0.2.1"
    /// Nil: the installation's.
    var registry: Registry?
    /// True of a client of public registries, whose paths say which one they mean.
    var isForPublicRegistries: Bool

    static let app = "app"
    static let other = "team/other"

    init(limits: Limits = Limits(), rates: Rates = .unlimited, forPublicRegistries: Bool = false) async throws {
        isForPublicRegistries = forPublicRegistries
        installation = try TestInstallation(limits: limits, rates: rates)
        dialect = DistributionDialect(services: installation.services, authorizer: installation.authorizer)
        for name in [Self.app, Self.other] { _ = try await installation.registry.createRepository(try #require(RepositoryName(name))) }
    }

    /// The same client with other credentials.
    func acting(as caller: Caller) -> RegistryClient {
        var client = self
        client.caller = caller
        return client
    }

    /// The same client without credentials.
    var anonymous: RegistryClient {
        var client = self
        client.caller = .anonymous(account: installation.account, region: installation.region)
        return client
    }

    /// Lets the dialect run on a database that records what it is asked from now on.
    mutating func recordDatabase() -> RecordingDatabase {
        let recording = RecordingDatabase(installation.sqlite)
        let services = installation.services
        dialect = DistributionDialect(
            services: RegistryServices(
                database: recording, blobs: services.blobs, clock: services.clock, ids: services.ids, keys: services.keys, limits: services.limits,
                log: services.log), authorizer: installation.authorizer)
        return recording
    }

    /// The same client, with `change` between each decision about a request and what follows from it; it is given the number of decisions before.
    func changing(_ decisions: Decisions = Decisions(), _ change: @escaping @Sendable (Int) async throws -> Void) -> RegistryClient {
        var client = self
        let (policies, clock) = (CurrentPolicies(database: installation.sqlite), installation.clock)
        let authorizer = Authorizer(now: { clock.now.milliseconds }) { caller, permission, region in
            let facts = try await policies.facts(for: caller, permission, region)
            try await change(decisions.next())
            return facts
        }
        client.dialect = DistributionDialect(services: installation.services, authorizer: authorizer)
        return client
    }

    /// The same client with the root of another account.
    func stranger() throws -> RegistryClient {
        var client = self
        client.caller = .root(of: try #require(AccountID("999999999999")), accessKeyID: "AKIASTRANGER", region: installation.region)
        return client
    }

    /// Sends a request. `parts` is the body as it comes over the wire; its length is declared unless `chunked`.
    func send(
        _ method: HTTPRequest.Method, _ target: String, _ headers: [String: String] = [:], parts: [[UInt8]] = [], chunked: Bool = false,
        declaring length: Int64? = nil
    ) async throws -> Answer {
        try await send(
            method, target, headers, stream: AnyAsyncSequence(Parts(parts: parts.map { ByteBuffer(bytes: $0) })),
            length: chunked ? nil : length ?? Int64(parts.reduce(0) { $0 + $1.count }))
    }

    func send(
        _ method: HTTPRequest.Method, _ target: String, _ headers: [String: String] = [:], stream: AnyAsyncSequence<ByteBuffer>, length: Int64?
    ) async throws -> Answer {
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var fields = HTTPFields()
        for (name, value) in headers { fields.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value)) }
        let request = DistributionRequest(
            method: method, path: String(halves[0]), query: halves.count == 2 ? String(halves[1]) : nil, headers: fields, body: stream,
            contentLength: length, context: installation.context(caller, from: sourceIP),
            registry: isForPublicRegistries ? nil : (registry ?? installation.registry).id)
        return try await read(dialect.respond(to: request), to: method)
    }

    /// Reads an answer as a client would, and holds it against what every answer must be.
    private func read(_ response: DistributionResponse, to method: HTTPRequest.Method) async throws -> Answer {
        let body: [UInt8]
        switch response.body {
        case .none: body = []
        case .bytes(let bytes): body = Array(bytes.readableBytesView)
        case .blob(let blob, let range):
            defer { blob.close() }
            body = Array(try await blob.read(at: range.lowerBound, count: range.count).readableBytesView)
        }
        let answer = Answer(status: response.status.code, headers: response.headers, body: body, action: response.action)
        #expect(answer["Docker-Distribution-Api-Version"] == "registry/2.0")
        #expect(answer["X-Content-Type-Options"] == "nosniff")
        switch answer.status {
        case 204, 304: #expect(answer["Content-Length"] == nil && body.isEmpty)
        default:
            let length = try #require(answer["Content-Length"].flatMap { Int($0) })
            if method == .head { #expect(body.isEmpty) } else { #expect(length == body.count) }
        }
        if answer.status >= 400, answer.status != 401, method != .head {
            #expect(answer["Content-Type"] == "application/json")
            #expect(answer.failure?.message.isEmpty == false)
        }
        return answer
    }
}

/// The parts of a body, one after the other.
struct Parts: AsyncSequence, Sendable {
    let parts: [ByteBuffer]
    /// Thrown after the last part.
    var failure: (any Error)?

    struct AsyncIterator: AsyncIteratorProtocol {
        var rest: ArraySlice<ByteBuffer>
        let failure: (any Error)?

        mutating func next() async throws -> ByteBuffer? {
            if let part = rest.popFirst() { return part }
            if let failure { throw failure }
            return nil
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: parts[...], failure: failure) }
}

/// The connection broke.
struct Disconnected: Error {}

extension RegistryClient {
    /// Begins an upload and returns its Location.
    func startUpload(in name: String = app) async throws -> String {
        let answer = try await send(.post, "/v2/\(name)/blobs/uploads/")
        #expect(answer.status == 202)
        return try #require(answer["Location"])
    }

    /// Pushes a blob by POST and PUT.
    @discardableResult
    func push(_ content: [UInt8], to name: String = app, by algorithm: Digest.Algorithm = .sha256) async throws -> Digest {
        let digest = Digest.of(content, by: algorithm)
        let answer = try await send(.put, "\(try await startUpload(in: name))?digest=\(digest)", parts: [content])
        #expect(answer.summary == "201")
        return digest
    }

    /// Pushes an image with everything it is made of, under `tag` or, without one, its digest; returns the answer to the last PUT.
    @discardableResult
    func push(_ image: TestImage, to name: String = app, tag: String? = nil) async throws -> Answer {
        for member in image.members { try await push(member, to: name) }
        for blob in image.members.isEmpty ? image.blobs : [] { try await push(blob.bytes, to: name) }
        return try await put(image, to: name, as: tag ?? image.digest.description)
    }

    /// Pushes only the manifest.
    func put(_ image: TestImage, to name: String = app, as reference: String) async throws -> Answer {
        try await put(image.manifest.payload, type: image.manifest.mediaType, to: name, as: reference)
    }

    func put(_ payload: [UInt8], type: MediaType = .ociManifest, to name: String = app, as reference: String) async throws -> Answer {
        try await send(.put, "/v2/\(name)/manifests/\(reference)", ["Content-Type": type.description], parts: [payload])
    }

    /// The tags of a repository.
    func tags(of name: String = app) async throws -> [String] {
        struct List: Decodable {
            let name: String
            let tags: [String]
        }
        let answer = try await send(.get, "/v2/\(name)/tags/list")
        #expect(answer.status == 200)
        return try JSONDecoder().decode(List.self, from: Data(answer.body)).tags
    }
}
