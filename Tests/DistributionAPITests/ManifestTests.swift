import HTTPTypes
import NIOCore
import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

@Suite("Manifests over the wire")
struct ManifestTests {
    @Test("An image is pushed by tag and pulled by tag and digest, byte for byte", arguments: TestImage.Flavour.allCases)
    func pushAndPull(_ flavour: TestImage.Flavour) async throws {
        let client = try await RegistryClient()
        let image = TestImage.image(flavour)
        let pushed = try await client.push(image, tag: "latest")
        #expect(pushed.status == 201 && pushed["Docker-Content-Digest"] == image.digest.description && pushed.action == "ecr:PutImage")
        #expect(pushed["Location"] == "/v2/app/manifests/\(image.digest)" && pushed["OCI-Subject"] == nil && pushed["OCI-Tag"] == nil)
        for reference in ["latest", image.digest.description] {
            let answer = try await client.send(.get, "/v2/app/manifests/\(reference)", ["Accept": "text/html"])
            #expect(answer.status == 200 && answer.body == image.manifest.payload, "stored is served, whatever is accepted")
            #expect(answer["Content-Type"] == image.manifest.mediaType.description)
            #expect(answer["Docker-Content-Digest"] == image.digest.description)
            let head = try await client.send(.head, "/v2/app/manifests/\(reference)")
            #expect(head.status == 200 && head.headers == answer.headers)
        }
    }

    @Test("An index, a nested index and an empty index", arguments: TestImage.Flavour.allCases)
    func index(_ flavour: TestImage.Flavour) async throws {
        let client = try await RegistryClient()
        let inner = TestImage.index(flavour, of: [.image(flavour, seed: 1), .image(flavour, seed: 2)])
        for image in [inner, .index(flavour, of: [inner, .image(flavour, seed: 3)]), .index(flavour, of: [])] {
            #expect(try await client.push(image, tag: "index").status == 201)
            #expect(try await client.send(.get, "/v2/app/manifests/index").body == image.manifest.payload)
        }
    }

    @Test("The same push again succeeds, in an immutable repository too")
    func again() async throws {
        let client = try await RegistryClient()
        let image = TestImage.image()
        #expect(try await client.push(image, tag: "v1").status == 201)
        _ = try await client.installation.registry.putTagMutability(TagMutability(mode: .immutable), of: try #require(RepositoryName("app")))
        #expect(try await client.put(image, as: "v1").status == 201)
    }

    @Test("A tag moves, and the image that had it is still there by digest")
    func tagMoves() async throws {
        let client = try await RegistryClient()
        let (old, new) = (TestImage.image(seed: 1), TestImage.image(seed: 2))
        try await client.push(old, tag: "latest")
        try await client.push(new, tag: "latest")
        #expect(try await client.send(.get, "/v2/app/manifests/latest").body == new.manifest.payload)
        #expect(try await client.send(.get, "/v2/app/manifests/\(old.digest)").status == 200)
    }

    @Test("A tag that is immutable does not move, and ECR's sentence says so")
    func immutable() async throws {
        let client = try await RegistryClient()
        _ = try await client.installation.registry.putTagMutability(TagMutability(mode: .immutable), of: try #require(RepositoryName("app")))
        let old = TestImage.image(seed: 1)
        try await client.push(old, tag: "v1")
        let answer = try await client.push(.image(seed: 2), tag: "v1")
        #expect(answer.summary == "400 TAG_INVALID")
        #expect(
            answer.failure?.message
                == "The image tag 'v1' already exists in the 'app' repository and cannot be overwritten because the tag is immutable.")
        #expect(try await client.send(.get, "/v2/app/manifests/v1").body == old.manifest.payload)
    }

    @Test("Tags given as parameters are set and told", arguments: Digest.Algorithm.allCases)
    func tagParameters(_ algorithm: Digest.Algorithm) async throws {
        let client = try await RegistryClient()
        let image = TestImage.image()
        for blob in image.blobs { try await client.push(blob.bytes) }
        let digest = Digest.of(image.manifest.payload, by: algorithm)
        let answer = try await client.put(image, as: "\(digest)?tag=v1&tag=v1.2&tag=v1")
        #expect(answer.status == 201 && answer.values(of: "OCI-Tag") == ["v1", "v1.2"])
        #expect(try await client.tags() == ["v1", "v1.2"])
        #expect(try await client.send(.get, "/v2/app/manifests/v1.2")["Docker-Content-Digest"] == digest.description)
    }

    @Test("One tag parameter that is no tag sets none")
    func invalidTagParameter() async throws {
        let client = try await RegistryClient()
        let image = TestImage.image()
        for blob in image.blobs { try await client.push(blob.bytes) }
        #expect(try await client.put(image, as: "\(image.digest)?tag=v1&tag=.x").summary == "400 TAG_INVALID")
        let many = (0...100).map { "tag=t\($0)" }.joined(separator: "&")
        #expect(try await client.put(image, as: "\(image.digest)?\(many)").summary == "414 TAG_INVALID")
        #expect(try await client.tags().isEmpty)
        #expect(try await client.send(.head, "/v2/app/manifests/\(image.digest)").status == 404)
    }

    @Test("A digest that is not the manifest's is refused", arguments: Digest.Algorithm.allCases)
    func wrongDigest(_ algorithm: Digest.Algorithm) async throws {
        let client = try await RegistryClient()
        let image = TestImage.image()
        for blob in image.blobs { try await client.push(blob.bytes) }
        let wrong = Digest.of(image.manifest.payload + [0x20], by: algorithm)
        let answer = try await client.put(image, as: wrong.description)
        #expect(answer.summary == "400 MANIFEST_INVALID")
        #expect(answer.failure?.message.hasSuffix("does not match the image digest that Amazon ECR has calculated.") == true)
        #expect(try await client.send(.get, "/v2/app/manifests/\(wrong)").status == 404)
    }

    @Test("Digests are not looked up across algorithms")
    func sha512() async throws {
        let client = try await RegistryClient()
        let image = TestImage.image()
        for blob in image.blobs { try await client.push(blob.bytes) }
        let digest = Digest.of(image.manifest.payload, by: .sha512)
        #expect(try await client.put(image, as: digest.description)["Docker-Content-Digest"] == digest.description)
        #expect(try await client.send(.get, "/v2/app/manifests/\(digest)").body == image.manifest.payload)
        #expect(try await client.send(.get, "/v2/app/manifests/\(image.digest)").status == 404)
    }

    @Test("A manifest that names what is not there is refused, and all of it is listed")
    func missingBlobs() async throws {
        let client = try await RegistryClient()
        let image = TestImage.image()
        try await client.push(image.blobs[0].bytes)
        // The layers are in another repository: that counts as little as nowhere.
        for blob in image.blobs.dropFirst() { try await client.push(blob.bytes, to: RegistryClient.other) }
        let answer = try await client.put(image, as: "latest")
        #expect(answer.summary == "404 MANIFEST_BLOB_UNKNOWN")
        let absent = image.blobs.dropFirst().map(\.descriptor.digest.description).joined(separator: ", ")
        #expect(
            answer.failure?.message
                == "Layers with digests '[\(absent)]' required for pushing image into repository with name 'app' "
                + "in the registry with id '123456789012' do not exist")
        #expect(try await client.tags().isEmpty)

        let index = TestImage.index(of: [.image(seed: 5)])
        let refused = try await client.put(index, as: "latest")
        #expect(refused.summary == "404 MANIFEST_BLOB_UNKNOWN")
        #expect(refused.failure?.message.hasPrefix("Images with digests '[\(index.members[0].digest)]' required") == true)
    }

    @Test("A body over the limit is refused, declared or not, without reading the rest", arguments: [true, false])
    func tooLarge(declared: Bool) async throws {
        var limits = Limits()
        limits.manifestBytes = 1000
        let client = try await RegistryClient(limits: limits)
        // Whoever reads on after the limit meets the failure and answers 500.
        let stream = AnyAsyncSequence(
            Parts(parts: [ByteBuffer(repeating: 0x20, count: 900), ByteBuffer(repeating: 0x20, count: 101)], failure: Disconnected()))
        let answer = try await client.send(.put, "/v2/app/manifests/x", stream: stream, length: declared ? 1001 : nil)
        #expect(answer.summary == "413 SIZE_INVALID")
        let liar = try await client.send(.put, "/v2/app/manifests/x", stream: stream, length: 10)
        #expect(liar.summary == "413 SIZE_INVALID", "the declared length is not trusted")
    }

    @Test("A manifest of 4 MiB is accepted, of one byte more is not")
    func fourMebibytes() async throws {
        let client = try await RegistryClient()
        let image = TestImage.image()
        for blob in image.blobs { try await client.push(blob.bytes) }
        let padding = [UInt8](repeating: 0x20, count: (4 << 20) - image.manifest.payload.count)
        #expect(try await client.put(image.manifest.payload + padding, as: "large").status == 201)
        #expect(try await client.send(.get, "/v2/app/manifests/large").body.count == 4 << 20)
        #expect(try await client.put(image.manifest.payload + padding + [0x20], as: "larger").summary == "413 SIZE_INVALID")
    }

    @Test(
        "What is no manifest is refused with a reason",
        arguments: [
            ("", "byte 0"), ("{", "byte 1"), ("[]", "'manifest'"), (#"{"schemaVersion":2,"schemaVersion":2}"#, "occurs twice"),
            (String(repeating: "[", count: 100_000), "deeper than 32"),
            (#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#, "that the request declares"),
            (#"{"schemaVersion":1}"#, "must be 2"),
        ])
    func invalid(_ text: String, reason: String) async throws {
        let client = try await RegistryClient()
        let answer = try await client.put(Array(text.utf8), as: "latest")
        #expect(answer.summary == "400 MANIFEST_INVALID")
        #expect(answer.failure?.message.contains(reason) == true, "\(answer.failure?.message ?? "")")
        #expect(try await client.tags().isEmpty)
    }

    @Test("The Content-Type's parameters do not count")
    func contentTypeParameters() async throws {
        let client = try await RegistryClient()
        let image = TestImage.image()
        for blob in image.blobs { try await client.push(blob.bytes) }
        let answer = try await client.send(
            .put, "/v2/app/manifests/latest", ["Content-Type": "\(MediaType.ociManifest); charset=utf-8"], parts: [image.manifest.payload])
        #expect(answer.status == 201)
        #expect(try await client.send(.get, "/v2/app/manifests/latest")["Content-Type"] == MediaType.ociManifest.description)
    }

    @Test("A manifest that the client has is not sent again")
    func notModified() async throws {
        let client = try await RegistryClient()
        let image = TestImage.image()
        try await client.push(image, tag: "latest")
        for method in [HTTPRequest.Method.get, .head] {
            #expect(try await client.send(method, "/v2/app/manifests/latest", ["If-None-Match": "\"\(image.digest)\""]).status == 304)
        }
    }

    @Test(
        "Tags that cannot be find nothing, and nothing is pushed under them",
        arguments: [".INVALID_MANIFEST_NAME", "-a", String(repeating: "a", count: 129)])
    func impossibleTag(_ tag: String) async throws {
        let client = try await RegistryClient()
        #expect(try await client.send(.get, "/v2/app/manifests/\(tag)").summary == "404 MANIFEST_UNKNOWN")
        #expect(try await client.send(.head, "/v2/app/manifests/\(tag)").status == 404)
        #expect(try await client.send(.delete, "/v2/app/manifests/\(tag)").summary == "404 MANIFEST_UNKNOWN")
        #expect(try await client.put(TestImage.image(), as: tag).summary == "400 TAG_INVALID")
    }

    @Test("Pushes that race for one tag: every one succeeds, and the tag names one of them")
    func concurrentTagMoves() async throws {
        let client = try await RegistryClient()
        let images = (1...8).map { TestImage.image(seed: UInt64($0)) }
        for image in images { for blob in image.blobs { try await client.push(blob.bytes) } }
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for image in images { group.addTask { try await client.put(image, as: "latest").status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses == Array(repeating: 201, count: 8))
        let winner = try await client.send(.get, "/v2/app/manifests/latest")
        #expect(images.filter { $0.manifest.payload == winner.body }.count == 1)
        #expect(try await client.tags() == ["latest"])
    }

    @Test("Pushes that race for one immutable tag: exactly one wins, always", arguments: 0..<5)
    func concurrentImmutableTag(round: Int) async throws {
        let client = try await RegistryClient()
        _ = try await client.installation.registry.putTagMutability(TagMutability(mode: .immutable), of: try #require(RepositoryName("app")))
        let images = (1...8).map { TestImage.image(seed: UInt64(round * 8 + $0)) }
        for image in images { for blob in image.blobs { try await client.push(blob.bytes) } }
        let summaries = try await withThrowingTaskGroup(of: String.self) { group in
            for image in images { group.addTask { try await client.put(image, as: "v1").summary } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(summaries.filter { $0 == "201" }.count == 1)
        #expect(summaries.filter { $0 == "400 TAG_INVALID" }.count == 7)
    }
}
