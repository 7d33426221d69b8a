import HTTPTypes
import OCI
import RegistryCore
import TestSupport
import Testing

@Suite("Blobs")
struct BlobTests {
    let content = (0..<2048).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    @Test("A pushed blob is pulled, byte for byte, and HEAD says what GET does")
    func pull() async throws {
        let client = try await RegistryClient()
        let digest = try await client.push(content)
        let answer = try await client.send(.get, "/v2/app/blobs/\(digest)")
        #expect(answer.status == 200 && answer.body == content && answer.action == "ecr:GetDownloadUrlForLayer")
        let head = try await client.send(.head, "/v2/app/blobs/\(digest)")
        #expect(head.status == 200 && head.action == "ecr:BatchCheckLayerAvailability")
        for header in ["Content-Length", "Docker-Content-Digest", "Content-Type", "ETag", "Accept-Ranges"] {
            #expect(head[header] == answer[header] && head[header] != nil, "\(header)")
        }
        #expect(answer["Docker-Content-Digest"] == digest.description)
        #expect(answer["Content-Disposition"] == "attachment", "a browser must not show what was pushed")
    }

    @Test("The empty blob is a blob", arguments: Digest.Algorithm.allCases)
    func empty(_ algorithm: Digest.Algorithm) async throws {
        let client = try await RegistryClient()
        let digest = try await client.push([], by: algorithm)
        let answer = try await client.send(.get, "/v2/app/blobs/\(digest)")
        #expect(answer.status == 200 && answer.body.isEmpty && answer["Content-Length"] == "0")
        #expect(try await client.send(.get, "/v2/app/blobs/\(digest)", ["Range": "bytes=0-"]).status == 416)
    }

    @Test(
        "Single ranges",
        arguments: [
            ("bytes=500-1499", 500..<1500), ("bytes=500-", 500..<2048), ("bytes=-500", 1548..<2048), ("bytes=2000-5000", 2000..<2048),
            ("bytes=0-0", 0..<1),
        ])
    func range(_ header: String, range: Range<Int>) async throws {
        let client = try await RegistryClient()
        let digest = try await client.push(content)
        let answer = try await client.send(.get, "/v2/app/blobs/\(digest)", ["Range": header])
        #expect(answer.status == 206 && answer.body == Array(content[range]))
        #expect(answer["Content-Range"] == "bytes \(range.lowerBound)-\(range.upperBound - 1)/2048")
        #expect(answer["Docker-Content-Digest"] == digest.description)
    }

    @Test("Ranges that select nothing", arguments: ["bytes=500-0", "bytes=5000-10000", "bytes=2048-", "bytes=-0"])
    func unsatisfiableRange(_ header: String) async throws {
        let client = try await RegistryClient()
        let digest = try await client.push(content)
        let answer = try await client.send(.get, "/v2/app/blobs/\(digest)", ["Range": header])
        #expect(answer.status == 416 && answer["Content-Range"] == "bytes */2048")
    }

    @Test("Ranges that are ignored", arguments: ["bytes=0-1,4-5", "items=0-1", "nonsense"])
    func ignoredRange(_ header: String) async throws {
        let client = try await RegistryClient()
        let digest = try await client.push(content)
        #expect(try await client.send(.get, "/v2/app/blobs/\(digest)", ["Range": header]).body == content)
    }

    @Test("A range of other content is not given")
    func ifRange() async throws {
        let client = try await RegistryClient()
        let digest = try await client.push(content)
        let path = "/v2/app/blobs/\(digest)"
        #expect(try await client.send(.get, path, ["Range": "bytes=0-9", "If-Range": "\"\(digest)\""]).status == 206)
        #expect(try await client.send(.get, path, ["Range": "bytes=0-9", "If-Range": "\"sha256:old\""]).status == 200)
    }

    @Test("Content that the client has is not sent again", arguments: [HTTPRequest.Method.get, .head])
    func notModified(_ method: HTTPRequest.Method) async throws {
        let client = try await RegistryClient()
        let digest = try await client.push(content)
        let answer = try await client.send(method, "/v2/app/blobs/\(digest)", ["If-None-Match": "W/\"x\", \"\(digest)\""])
        #expect(answer.status == 304 && answer["ETag"] == "\"\(digest)\"")
        #expect(try await client.send(method, "/v2/app/blobs/\(digest)", ["If-None-Match": "\"x\""]).status == 200)
    }

    @Test("A blob of another repository looks exactly like one that is nowhere", arguments: [HTTPRequest.Method.get, .head, .delete])
    func foreignBlob(_ method: HTTPRequest.Method) async throws {
        let client = try await RegistryClient()
        let foreign = try await client.push(content, to: RegistryClient.other)
        let absent = Digest.of([1, 2, 3])
        let answers = [
            try await client.send(method, "/v2/app/blobs/\(foreign)"), try await client.send(method, "/v2/app/blobs/\(absent)"),
        ]
        #expect(answers[0].status == 404)
        #expect(answers[0].status == answers[1].status && answers[0].headers == answers[1].headers && answers[0].body == answers[1].body)
        if method != .head { #expect(answers[0].failure?.code == "BLOB_UNKNOWN") }
    }

    @Test("A blob deleted in one repository stays in another")
    func deleteIsOfOneRepository() async throws {
        let client = try await RegistryClient()
        let digest = try await client.push(content)
        try await client.push(content, to: RegistryClient.other)
        #expect(try await client.send(.delete, "/v2/app/blobs/\(digest)").status == 202)
        #expect(try await client.send(.head, "/v2/app/blobs/\(digest)").status == 404)
        #expect(try await client.send(.delete, "/v2/app/blobs/\(digest)").summary == "404 BLOB_UNKNOWN")
        #expect(try await client.send(.get, "/v2/\(RegistryClient.other)/blobs/\(digest)").body == content)
    }

    @Test("A HEAD by a caller who may push keeps the blob for the manifest to come")
    func headReserves() async throws {
        let client = try await RegistryClient()
        let image = TestImage.image()
        for blob in image.blobs { try await client.push(blob.bytes) }
        client.installation.clock.advance(by: client.installation.services.limits.blobLease - .seconds(60))
        for blob in image.blobs { #expect(try await client.send(.head, "/v2/app/blobs/\(blob.descriptor.digest)").status == 200) }
        client.installation.clock.advance(by: .seconds(3600))
        #expect(try await client.put(image, as: "latest").status == 201)
    }
}
