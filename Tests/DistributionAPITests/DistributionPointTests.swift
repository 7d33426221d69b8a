import HTTPTypes
import OCI
import RegistryCore
import TestSupport
import Testing

/// The points of the contract's `distribution.md`: where other registries fail. One test for each, by its number;
/// what a point says in passing is tested in full beside its resource.
@Suite("Where registries fail")
struct DistributionPointTests {
    let content = [UInt8](repeating: 5, count: 2048)

    @Test("1. sha512 is verified, and answered in that algorithm")
    func sha512() async throws {
        let client = try await RegistryClient()
        let digest = Digest.of(content, by: .sha512)
        let location = try await client.startUpload()
        let wrong = try await client.send(.put, "\(location)?digest=\(Digest.of([0], by: .sha512))", parts: [content])
        #expect(wrong.summary == "400 DIGEST_INVALID")
        try await client.push(content, by: .sha512)
        #expect(try await client.send(.head, "/v2/app/blobs/\(digest)")["Docker-Content-Digest"] == digest.description)
        let index = TestImage.index(of: [])
        let name = Digest.of(index.manifest.payload, by: .sha512)
        #expect(try await client.put(index, as: name.description)["Docker-Content-Digest"] == name.description)
    }

    @Test("2. A chunk out of order is 416, in PATCH and in the last PUT", arguments: [HTTPRequest.Method.patch, .put])
    func outOfOrder(_ method: HTTPRequest.Method) async throws {
        let client = try await RegistryClient()
        let location = try await client.startUpload()
        let target = method == .put ? "\(location)?digest=\(Digest.of(content))" : location
        #expect(try await client.send(method, target, ["Content-Range": "10-2057"], parts: [content]).status == 416)
    }

    @Test("3. Range 500-0 and past the end are 416", arguments: ["bytes=500-0", "bytes=5000-10000"])
    func range(_ header: String) async throws {
        let client = try await RegistryClient()
        let digest = try await client.push(content)
        #expect(try await client.send(.get, "/v2/app/blobs/\(digest)", ["Range": header]).status == 416)
    }

    @Test("4. A subject is told, and referrers are always 200 with an index")
    func referrers() async throws {
        let client = try await RegistryClient()
        let subject = TestImage.image()
        #expect(try await client.push(.artifact("a/b", of: subject))["OCI-Subject"] == subject.digest.description)
        for target in ["\(subject.digest)", "\(Digest.of([1]))", "\(subject.digest)?artifactType=a/b"] {
            let answer = try await client.send(.get, "/v2/app/referrers/\(target)")
            #expect(answer.status == 200 && answer["Content-Type"] == "application/vnd.oci.image.index.v1+json")
            #expect((answer["OCI-Filters-Applied"] == "artifactType") == target.contains("?"))
        }
    }

    @Test("5. DELETE by tag removes the tag only, and the list shows it at once")
    func deleteTag() async throws {
        let client = try await RegistryClient()
        let image = TestImage.image()
        for tag in ["b", "a"] { try await client.push(image, tag: tag) }
        #expect(try await client.send(.delete, "/v2/app/manifests/b").status == 202)
        #expect(try await client.tags() == ["a"])
        #expect(try await client.send(.head, "/v2/app/manifests/\(image.digest)").status == 200)
    }

    @Test("6. Non-distributable layers were never pushed; an invalid digest is 400 or 404")
    func nonDistributable() async throws {
        let client = try await RegistryClient()
        let config = try await client.push(Array("{}".utf8))
        let layer = Digest.of([42])
        let payload = """
            {"schemaVersion":2,"mediaType":"\(MediaType.ociManifest)","config":{"mediaType":"\(MediaType.ociEmpty)","digest":"\(config)","size":2},
            "layers":[{"mediaType":"application/vnd.oci.image.layer.nondistributable.v1.tar+gzip","digest":"\(layer)","size":123456,
            "urls":["https://store.example.com/\(layer)"]}]}
            """
        #expect(try await client.put(Array(payload.utf8), as: "windows").status == 201)
        #expect(try await client.put(Array(payload.utf8), as: "sha256:baddigeststring").status == 400)
        #expect(try await client.send(.get, "/v2/app/manifests/sha256:baddigeststring").status == 400)
        #expect(try await client.send(.get, "/v2/app/blobs/sha256:baddigeststring").status == 400)
    }

    @Test("7. Large manifests, custom fields and unknown types are kept byte for byte")
    func kept() async throws {
        let client = try await RegistryClient()
        let config = try await client.push(Array("{}".utf8))
        let annotations = (0..<390).map { #""large-annotation-\#($0)":"\#(String(repeating: "A", count: 10_000))""# }.joined(separator: ",")
        let payload = Array(
            """
            {"schemaVersion":2,"mediaType":"\(MediaType.ociManifest)", "x-custom":{"é":[1.0,1e3]},
            "config":{"mediaType":"application/vnd.unknown","digest":"\(config)","size":2,"x":null},"layers":[],"annotations":{\(annotations)}}
            """.utf8)
        #expect(try await client.put(payload, as: "large").status == 201)
        #expect(try await client.send(.get, "/v2/app/manifests/large").body == payload)
    }

    @Test("10. The state of an upload is in the path: a client that drops the query is none the worse")
    func locationWithoutQuery() async throws {
        let client = try await RegistryClient()
        let location = try await client.startUpload()
        let patch = try await client.send(.patch, location, parts: [content])
        #expect(!location.contains("?") && patch["Location"] == location)
    }

    @Test(
        "11. A manifest is answered in its stored type, with or without Accept",
        arguments: [[:], ["Accept": "application/vnd.oci.image.manifest.v1+json"]])
    func noConversion(_ headers: [String: String]) async throws {
        let client = try await RegistryClient()
        let image = TestImage.image(.docker)
        try await client.push(image, tag: "v1")
        for reference in ["v1", "\(image.digest)"] {
            let answer = try await client.send(.get, "/v2/app/manifests/\(reference)", headers)
            #expect(answer["Content-Type"] == MediaType.dockerManifest.description && answer.body == image.manifest.payload)
        }
    }

    @Test("12. There is no catalogue")
    func catalogue() async throws {
        let client = try await RegistryClient()
        #expect(try await client.send(.get, "/v2/_catalog").status == 404)
    }

    @Test("13. DELETE of a blob is 202, 405 while an image needs it; of an upload 204")
    func deletes() async throws {
        let client = try await RegistryClient()
        let image = TestImage.image()
        try await client.push(image, tag: "v1")
        let digest = image.blobs[1].descriptor.digest
        let refused = try await client.send(.delete, "/v2/app/blobs/\(digest)")
        #expect(refused.summary == "405 UNSUPPORTED" && refused.action == "ecr:BatchDeleteImage")
        #expect(try await client.send(.delete, "/v2/app/manifests/\(image.digest)").status == 202)
        #expect(try await client.send(.delete, "/v2/app/blobs/\(digest)").status == 202)
        #expect(try await client.send(.delete, try await client.startUpload()).status == 204)
    }

    @Test("14. What ECR refuses and the specification allows is accepted: no layers, unknown types, no mediaType")
    func strict() async throws {
        let client = try await RegistryClient()
        let config = try await client.push(Array("{}".utf8))
        let descriptor = #"{"mediaType":"application/vnd.oci.empty.v1+json","digest":"\#(config)","size":2}"#
        let manifests: [(String, MediaType)] = [
            (#"{"schemaVersion":2,"mediaType":"\#(MediaType.ociManifest)","config":\#(descriptor),"layers":[]}"#, .ociManifest),
            (#"{"schemaVersion":2,"config":\#(descriptor),"layers":[]}"#, .ociManifest),
            (
                #"{"mediaType":"application/vnd.example.thing+json","blobs":[\#(descriptor)],"extra":true}"#,
                MediaType("application/vnd.example.thing+json")
            ),
        ]
        for (text, type) in manifests {
            #expect(try await client.put(Array(text.utf8), type: type, as: "x").status == 201)
            let answer = try await client.send(.get, "/v2/app/manifests/x")
            #expect(answer.body == Array(text.utf8) && answer["Content-Type"] == type.description)
        }
    }
}
