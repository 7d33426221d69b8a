import HTTPTypes
import IAM
import NIOCore
import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

@testable import DistributionAPI

@Suite("Who may do what")
struct AuthorizationTests {
    static let digest = Digest.of([])
    static let upload = "00000000-0000-4000-8000-000000000000"

    /// Each request of the API with the actions that it needs.
    static let requests: [(method: HTTPRequest.Method, target: String, actions: [String])] = [
        (.get, "tags/list", ["ecr:ListImages"]),
        (.get, "referrers/\(digest)", ["ecr:BatchGetImage"]),
        (.get, "manifests/latest", ["ecr:BatchGetImage"]),
        (.head, "manifests/\(digest)", ["ecr:BatchGetImage"]),
        (.put, "manifests/latest", ["ecr:PutImage"]),
        (.delete, "manifests/latest", ["ecr:BatchDeleteImage"]),
        (.get, "blobs/\(digest)", ["ecr:GetDownloadUrlForLayer"]),
        (.head, "blobs/\(digest)", ["ecr:BatchCheckLayerAvailability"]),
        (.delete, "blobs/\(digest)", ["ecr:BatchDeleteImage"]),
        (.post, "blobs/uploads/", ["ecr:InitiateLayerUpload"]),
        (.post, "blobs/uploads/?mount=\(digest)&from=team%2Fother", ["ecr:InitiateLayerUpload"]),
        (.post, "blobs/uploads/?digest=\(digest)", ["ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload"]),
        (.get, "blobs/uploads/\(upload)", ["ecr:UploadLayerPart"]),
        (.patch, "blobs/uploads/\(upload)", ["ecr:UploadLayerPart"]),
        (.put, "blobs/uploads/\(upload)?digest=\(digest)", ["ecr:CompleteLayerUpload"]),
        (.delete, "blobs/uploads/\(upload)", ["ecr:UploadLayerPart"]),
    ]

    @Test("Nobody gets in without credentials, and nothing of the body is read", arguments: requests)
    func anonymous(_ method: HTTPRequest.Method, _ target: String, _ actions: [String]) async throws {
        let client = try await RegistryClient().anonymous
        for name in ["app", "absent"] {
            let answer = try await client.send(method, "/v2/\(name)/\(target)", stream: AnyAsyncSequence(Unread()), length: 0)
            #expect(answer.status == 401)
            #expect(answer["Www-Authenticate"] == #"Basic realm="https://registry.test/",service="ecr.amazonaws.com""#)
            #expect(answer["Content-Type"]?.hasPrefix("text/plain") == true)
            if method != .head { #expect(String(decoding: answer.body, as: UTF8.self) == "Not Authorized\n") }
        }
    }

    @Test("A stranger is denied by ECR's sentence, of a repository that exists and one that does not, before any look-up", arguments: requests)
    func stranger(_ method: HTTPRequest.Method, _ target: String, _ actions: [String]) async throws {
        var client = try await RegistryClient().stranger()
        let lookups = client.recordDatabase()
        for name in ["app", "absent"] {
            let answer = try await client.send(method, "/v2/\(name)/\(target)", stream: AnyAsyncSequence(Unread()), length: 0)
            #expect(answer.status == 403 && answer.action == actions[0])
            guard method != .head else { continue }
            #expect(answer.failure?.code == "DENIED")
            #expect(
                answer.failure?.message
                    == "User: arn:aws:iam::999999999999:root is not authorized to perform: \(actions[0]) on resource: "
                    + "arn:aws:ecr:us-east-1:123456789012:repository/\(name) because no resource-based policy allows the \(actions[0]) action")
        }
        #expect(lookups.statements.isEmpty)
    }

    @Test("Every route needs what the table of the contract says", arguments: requests)
    func actions(_ method: HTTPRequest.Method, _ target: String, _ actions: [String]) async throws {
        let client = try await RegistryClient()
        let halves = target.split(separator: "?")
        let match = try Route.match(try RequestPath("/v2/app/\(halves[0])"), method: method)
        let request = DistributionRequest(
            method: method, path: "/v2/app/\(halves[0])", query: halves.count == 2 ? String(halves[1]) : nil, headers: [:],
            body: AnyAsyncSequence(Unread()), contentLength: 0, context: client.installation.context(), registry: client.installation.registry.id)
        let call = Call(
            request: request, registry: client.installation.registry, name: try #require(RepositoryName("app")), fullName: "app",
            query: try Query(request.query),
            authorizer: client.installation.authorizer)
        let permissions = try match.route.bind(call, match.parameter).permissions
        #expect(permissions.map(\.action) == actions)
        #expect(permissions.allSatisfy { $0.resource?.description == "arn:aws:ecr:us-east-1:123456789012:repository/app" })
    }

    @Test("No route is missing in the table above")
    func completeness() throws {
        let tried = try Self.requests.map { request in
            let path = try RequestPath("/v2/app/\(request.target.split(separator: "?")[0])")
            return "\(request.method) \(try Route.match(path, method: request.method).route.pattern)"
        }
        let routes = Route.table.flatMap { route in route.methods.map { "\($0) \(route.pattern)" } }
        #expect(Set(tried) == Set(routes))
    }

    @Test("A last chunk needs the right to upload parts, too")
    func lastChunk() async throws {
        let client = try await RegistryClient()
        let route = try Route.match(try RequestPath("/v2/app/blobs/uploads/\(Self.upload)"), method: .put).route
        for (length, count) in [(0, 1), (1, 2), (nil, 2)] as [(Int64?, Int)] {
            let request = DistributionRequest(
                method: .put, path: "", query: nil, headers: [:], body: AnyAsyncSequence(Unread()), contentLength: length,
                context: client.installation.context(), registry: client.installation.registry.id)
            let call = Call(
                request: request, registry: client.installation.registry, name: try #require(RepositoryName("app")), fullName: "app",
                query: try Query(nil),
                authorizer: client.installation.authorizer)
            #expect(try route.bind(call, Self.upload).permissions.count == count)
        }
    }

    @Test("GET /v2/ tells good credentials from none", arguments: ["/v2/", "/v2"], [HTTPRequest.Method.get, .head])
    func ping(_ path: String, _ method: HTTPRequest.Method) async throws {
        let client = try await RegistryClient()
        let answer = try await client.send(method, path)
        #expect(answer.status == 200 && answer["Content-Type"] == "application/json" && answer["Content-Length"] == "2")
        #expect(try await client.anonymous.send(method, path).status == 401)
        #expect(try await client.send(.post, path).status == 405)
    }

    /// A body whose first read is a failure of the test.
    private struct Unread: AsyncSequence, Sendable {
        struct AsyncIterator: AsyncIteratorProtocol {
            func next() async throws -> ByteBuffer? {
                Issue.record("the body was read before the request was authorized")
                return nil
            }
        }

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator() }
    }
}
