import HTTPTypes
import NIOCore
import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

@Suite("Uploads")
struct UploadTests {
    let content = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var digest: Digest { Digest.of(content) }

    @Test("A session's Location is a path without query, and says all")
    func location() async throws {
        let client = try await RegistryClient()
        let answer = try await client.send(.post, "/v2/team/other/blobs/uploads/")
        let location = try #require(answer["Location"])
        #expect(answer.status == 202 && answer["Range"] == "0-0")
        #expect(location.hasPrefix("/v2/team/other/blobs/uploads/") && !location.contains("?"))
        #expect(answer["Docker-Upload-UUID"].map { location.hasSuffix("/\($0)") } == true)
        #expect(try await client.send(.post, "/v2/team/other/blobs/uploads").status == 202, "the last slash may be missing")
        #expect(try await client.send(.post, "/v2/app/blobs/uploads/?digest-algorithm=sha512").status == 202)
        #expect(try await client.send(.post, "/v2/app/blobs/uploads/?digest-algorithm=md5").summary == "400 DIGEST_INVALID")
    }

    enum Way: CaseIterable {
        case postPut, singlePost, stream, chunks, chunksAndLastInPut, chunkedTransfer
    }

    @Test("Every way to push a blob ends the same", arguments: Way.allCases, Digest.Algorithm.allCases)
    func push(_ way: Way, _ algorithm: Digest.Algorithm) async throws {
        let client = try await RegistryClient()
        let digest = Digest.of(content, by: algorithm)
        let answer: Answer
        switch way {
        case .postPut:
            answer = try await client.send(.put, "\(try await client.startUpload())?digest=\(digest)", parts: [content])
        case .singlePost:
            answer = try await client.send(.post, "/v2/app/blobs/uploads/?digest=\(digest)", parts: [content])
        case .stream:
            let location = try await client.startUpload()
            let patch = try await client.send(.patch, location, parts: [Array(content[..<1000]), Array(content[1000...])], chunked: true)
            #expect(patch.status == 202 && patch["Range"] == "0-2999" && patch["Location"] == location)
            answer = try await client.send(.put, "\(location)?digest=\(digest)")
        case .chunks, .chunksAndLastInPut:
            var location = try await client.startUpload()
            for start in stride(from: 0, to: way == .chunks ? 3000 : 2000, by: 1000) {
                let chunk = Array(content[start..<start + 1000])
                let patch = try await client.send(.patch, location, ["Content-Range": "\(start)-\(start + 999)"], parts: [chunk])
                #expect(patch.status == 202 && patch["Range"] == "0-\(start + 999)")
                location = try #require(patch["Location"])
            }
            answer =
                way == .chunks
                ? try await client.send(.put, "\(location)?digest=\(digest)")
                : try await client.send(
                    .put, "\(location)?digest=\(digest)", ["Content-Range": "2000-2999"], parts: [Array(content[2000...])])
        case .chunkedTransfer:
            answer = try await client.send(.put, "\(try await client.startUpload())?digest=\(digest)", parts: [content], chunked: true)
        }
        #expect(answer.status == 201)
        #expect(answer["Docker-Content-Digest"] == digest.description)
        let location = try #require(answer["Location"])
        #expect(location == "/v2/app/blobs/\(digest)")
        #expect(try await client.send(.get, location).body == content)
    }

    @Test(
        "A digest that is not the content's is refused on every way, and nothing is there afterwards", arguments: Way.allCases,
        Digest.Algorithm.allCases)
    func wrongDigest(_ way: Way, _ algorithm: Digest.Algorithm) async throws {
        let client = try await RegistryClient()
        let wrong = Digest.of([0], by: algorithm)
        let answer: Answer
        switch way {
        case .postPut, .chunkedTransfer:
            answer = try await client.send(
                .put, "\(try await client.startUpload())?digest=\(wrong)", parts: [content], chunked: way == .chunkedTransfer)
        case .singlePost:
            answer = try await client.send(.post, "/v2/app/blobs/uploads/?digest=\(wrong)", parts: [content])
        case .stream, .chunks:
            let location = try await client.startUpload()
            #expect(try await client.send(.patch, location, parts: [content]).status == 202)
            answer = try await client.send(.put, "\(location)?digest=\(wrong)")
        case .chunksAndLastInPut:
            let location = try await client.startUpload()
            #expect(try await client.send(.patch, location, ["Content-Range": "0-999"], parts: [Array(content[..<1000])]).status == 202)
            answer = try await client.send(.put, "\(location)?digest=\(wrong)", ["Content-Range": "1000-2999"], parts: [Array(content[1000...])])
        }
        #expect(answer.summary == "400 DIGEST_INVALID")
        #expect(try await client.send(.head, "/v2/app/blobs/\(wrong)").status == 404)
        #expect(try await client.send(.head, "/v2/app/blobs/\(digest)").status == 404)
    }

    @Test("Texts that are no digest are refused", arguments: ["", "sha256:x", "md5:d41d8cd98f00b204e9800998ecf8427e", "sha256:../../../etc/passwd"])
    func invalidDigest(_ text: String) async throws {
        let client = try await RegistryClient()
        let location = try await client.startUpload()
        #expect(try await client.send(.put, "\(location)?digest=\(text)").summary == "400 DIGEST_INVALID")
        #expect(try await client.send(.post, "/v2/app/blobs/uploads/?digest=\(text)").summary == "400 DIGEST_INVALID")
        #expect(try await client.send(.post, "/v2/app/blobs/uploads/?mount=\(text)&from=team%2Fother").summary == "400 DIGEST_INVALID")
        #expect(try await client.send(.put, location).summary == "400 DIGEST_INVALID", "the parameter is needed")
        #expect(try await client.send(.get, location).status == 204, "the session stays")
    }

    @Test(
        "A chunk that is out of order is refused, the upload left as it was", arguments: [HTTPRequest.Method.patch, .put],
        ["2000-2999", "0-999", "999-1998"])
    func outOfOrder(_ method: HTTPRequest.Method, _ range: String) async throws {
        let client = try await RegistryClient()
        let location = try await client.startUpload()
        #expect(try await client.send(.patch, location, ["Content-Range": "0-999"], parts: [Array(content[..<1000])]).status == 202)
        let target = method == .put ? "\(location)?digest=\(digest)" : location
        let answer = try await client.send(method, target, ["Content-Range": range], parts: [Array(content[..<1000])])
        #expect(answer.status == 416 && answer["Location"] == location && answer["Range"] == "0-999")
        let status = try await client.send(.get, location)
        #expect(status.status == 204 && status["Range"] == "0-999" && status["Location"] == location)
        let rest = try await client.send(.put, "\(location)?digest=\(digest)", ["Content-Range": "1000-2999"], parts: [Array(content[1000...])])
        #expect(rest.status == 201)
    }

    @Test("The first chunk begins at 0")
    func firstChunk() async throws {
        let client = try await RegistryClient()
        let location = try await client.startUpload()
        #expect(try await client.send(.patch, location, ["Content-Range": "1-10"], parts: [Array(content[..<10])]).status == 416)
    }

    @Test(
        "Headers that belie the chunk are refused, the upload left as it was",
        arguments: [
            ("bytes 0-9/10", "400 BLOB_UPLOAD_INVALID"), ("9-0", "400 BLOB_UPLOAD_INVALID"), ("x", "400 BLOB_UPLOAD_INVALID"),
            ("0-8", "400 SIZE_INVALID"),
        ])
    func badChunk(_ range: String, summary: String) async throws {
        let client = try await RegistryClient()
        let location = try await client.startUpload()
        #expect(try await client.send(.patch, location, ["Content-Range": range], parts: [Array(content[..<10])]).summary == summary)
        let whole = try await client.send(.put, "\(location)?digest=\(digest)", parts: [content])
        #expect(whole.status == 201, "nothing of the chunk was kept")
    }

    @Test("A broken connection keeps what came, and the client goes on from there")
    func resumption() async throws {
        let client = try await RegistryClient()
        let location = try await client.startUpload()
        let broken = AnyAsyncSequence(Parts(parts: [ByteBuffer(bytes: content[..<1234])], failure: Disconnected()))
        #expect(try await client.send(.patch, location, stream: broken, length: 3000).status == 500)
        let status = try await client.send(.get, location)
        #expect(status.status == 204)
        let held = try #require(status["Range"]?.split(separator: "-").last.flatMap { Int($0) }) + 1
        #expect(held == 1234)
        let answer = try await client.send(
            .patch, location, ["Content-Range": "\(held)-2999"], parts: [Array(content[held...])])
        #expect(answer.status == 202 && answer["Range"] == "0-2999")
        #expect(try await client.send(.put, "\(location)?digest=\(digest)").status == 201)
    }

    @Test("A PUT whose answer was lost is answered again", arguments: [true, false])
    func repeatedPut(withBody: Bool) async throws {
        let client = try await RegistryClient()
        let location = try await client.startUpload()
        if !withBody { #expect(try await client.send(.patch, location, parts: [content]).status == 202) }
        for _ in 1...2 {
            let answer = try await client.send(.put, "\(location)?digest=\(digest)", parts: withBody ? [content] : [])
            #expect(answer.status == 201 && answer["Location"] == "/v2/app/blobs/\(digest)")
        }
        #expect(try await client.send(.put, "\(location)?digest=\(Digest.of([]))").summary == "404 BLOB_UPLOAD_UNKNOWN")
    }

    @Test("A cancelled upload is gone")
    func cancel() async throws {
        let client = try await RegistryClient()
        let location = try await client.startUpload()
        #expect(try await client.send(.patch, location, parts: [content]).status == 202)
        #expect(try await client.send(.delete, location).status == 204)
        for method in [HTTPRequest.Method.get, .patch, .delete] {
            #expect(try await client.send(method, location, parts: method == .patch ? [content] : []).summary == "404 BLOB_UPLOAD_UNKNOWN")
        }
        #expect(try await client.send(.put, "\(location)?digest=\(digest)", parts: [content]).summary == "404 BLOB_UPLOAD_UNKNOWN")
    }

    @Test("An upload is known in its repository only, and to whoever may push there")
    func foreignUpload() async throws {
        let client = try await RegistryClient()
        let location = try await client.startUpload()
        let elsewhere = location.replacing("/app/", with: "/team/other/")
        for method in [HTTPRequest.Method.get, .patch, .delete] {
            #expect(try await client.send(method, elsewhere).summary == "404 BLOB_UPLOAD_UNKNOWN")
            #expect(try await client.stranger().send(method, location).status == 403)
            #expect(try await client.anonymous.send(method, location).status == 401)
        }
        #expect(try await client.send(.get, location).status == 204)
    }

    @Test(
        "What is no id of an upload is an unknown upload",
        arguments: ["x", "..%2e", "00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-00000000000G"])
    func unknownUpload(_ id: String) async throws {
        let client = try await RegistryClient()
        #expect(try await client.send(.get, "/v2/app/blobs/uploads/\(id)").summary == "404 BLOB_UPLOAD_UNKNOWN")
    }

    @Test("An upload longer than the limit is refused while it comes")
    func tooLarge() async throws {
        var limits = Limits()
        limits.layerBytes = 2000
        let client = try await RegistryClient(limits: limits)
        let location = try await client.startUpload()
        let answer = try await client.send(
            .patch, location, parts: stride(from: 0, to: 3000, by: 500).map { Array(content[$0..<$0 + 500]) }, chunked: true)
        #expect(answer.summary == "413 SIZE_INVALID")
    }

    @Test("A full disk is said to be full")
    func storageFull() async throws {
        let client = try await RegistryClient()
        let location = try await client.startUpload()
        client.installation.blobs.failNext(.write, error: .full)
        #expect(try await client.send(.patch, location, parts: [content]).summary == "507 UNAVAILABLE")
    }

    @Test("A single POST that fails leaves no session behind")
    func singlePostCleansUp() async throws {
        let client = try await RegistryClient()
        let broken = AnyAsyncSequence(Parts(parts: [ByteBuffer(bytes: content[..<1000])], failure: Disconnected()))
        #expect(try await client.send(.post, "/v2/app/blobs/uploads/?digest=\(digest)", stream: broken, length: 3000).status == 500)
        let sessions = try await client.installation.services.database.read { try $0.rows("SELECT id FROM uploads") { $0.text(0) } }
        #expect(sessions.isEmpty)
    }
}

@Suite("Mounts")
struct MountTests {
    let content = Array("a layer".utf8)

    @Test("A blob is mounted from a repository that the caller may read")
    func mount() async throws {
        let client = try await RegistryClient()
        let digest = try await client.push(content, to: RegistryClient.other)
        let answer = try await client.send(.post, "/v2/app/blobs/uploads/?from=team%2Fother&mount=\(digest)")
        #expect(answer.status == 201 && answer["Location"] == "/v2/app/blobs/\(digest)" && answer["Docker-Content-Digest"] == digest.description)
        #expect(try await client.send(.get, "/v2/app/blobs/\(digest)").body == content)
    }

    @Test(
        "What cannot be mounted is uploaded, whatever the reason",
        arguments: ["", "&from=team%2Fother", "&from=absent", "&from=Not%20A%20Name", "&from=..%2F..%2Fother"])
    func refused(_ from: String) async throws {
        let client = try await RegistryClient()
        let digest = Digest.of(content)
        let answer = try await client.send(.post, "/v2/app/blobs/uploads/?mount=\(digest)\(from)")
        #expect(answer.status == 202)
        let location = try #require(answer["Location"])
        #expect(try await client.send(.put, "\(location)?digest=\(digest)", parts: [content]).status == 201)
    }

    @Test("Without `from`, a blob of some other repository is not looked for")
    func anonymousMount() async throws {
        let client = try await RegistryClient()
        let digest = try await client.push(content, to: RegistryClient.other)
        let present = try await client.send(.post, "/v2/app/blobs/uploads/?mount=\(digest)")
        let absent = try await client.send(.post, "/v2/app/blobs/uploads/?mount=\(Digest.of([9]))")
        #expect(present.status == 202 && absent.status == 202)
        #expect(try await client.send(.head, "/v2/app/blobs/\(digest)").status == 404)
    }

    @Test("The target must exist")
    func unknownTarget() async throws {
        let client = try await RegistryClient()
        let digest = try await client.push(content, to: RegistryClient.other)
        #expect(try await client.send(.post, "/v2/absent/blobs/uploads/?from=team%2Fother&mount=\(digest)").summary == "404 NAME_UNKNOWN")
    }
}
