import HTTPTypes
import OCI
import RegistryCore
import TestSupport
import Testing

@Suite("Deleting manifests")
struct DeleteTests {
    @Test("By tag, only the tag goes, the last one too: the docker DELETE leaves the image untagged")
    func tag() async throws {
        let client = try await RegistryClient()
        let image = TestImage.image()
        try await client.push(image, tag: "a")
        try await client.put(image, as: "b").expect(201)
        for (tag, left) in [("a", ["b"]), ("b", [])] {
            let answer = try await client.send(.delete, "/v2/app/manifests/\(tag)")
            #expect(answer.status == 202 && answer.action == "ecr:BatchDeleteImage")
            #expect(try await client.send(.head, "/v2/app/manifests/\(tag)").status == 404)
            #expect(try await client.tags() == left)
            #expect(try await client.send(.get, "/v2/app/manifests/\(image.digest)").body == image.manifest.payload)
        }
        #expect(try await client.send(.delete, "/v2/app/manifests/a").summary == "404 MANIFEST_UNKNOWN")
    }

    @Test("By digest, the image and all its tags go")
    func digest() async throws {
        let client = try await RegistryClient()
        let image = TestImage.image()
        for tag in ["a", "b"] { try await client.push(image, tag: tag) }
        #expect(try await client.send(.delete, "/v2/app/manifests/\(image.digest)").status == 202)
        for reference in ["a", "b", image.digest.description] {
            #expect(try await client.send(.get, "/v2/app/manifests/\(reference)").summary == "404 MANIFEST_UNKNOWN")
        }
        #expect(try await client.tags().isEmpty)
        #expect(try await client.send(.delete, "/v2/app/manifests/\(image.digest)").summary == "404 MANIFEST_UNKNOWN")
    }

    @Test("A member of an index stays as long as the index does")
    func member() async throws {
        let client = try await RegistryClient()
        let index = TestImage.index(of: [.image()])
        try await client.push(index, tag: "multi")
        let answer = try await client.send(.delete, "/v2/app/manifests/\(index.members[0].digest)")
        #expect(answer.summary == "405 UNSUPPORTED")
        #expect(answer.failure?.message == "Requested image referenced by manifest list: [\(index.digest)]")
        #expect(try await client.send(.delete, "/v2/app/manifests/\(index.digest)").status == 202)
        #expect(try await client.send(.delete, "/v2/app/manifests/\(index.members[0].digest)").status == 202)
    }

    @Test("A deleted image can be pushed again")
    func pushAgain() async throws {
        let client = try await RegistryClient()
        let image = TestImage.image()
        try await client.push(image, tag: "a")
        #expect(try await client.send(.delete, "/v2/app/manifests/\(image.digest)").status == 202)
        #expect(try await client.put(image, as: "a").status == 201, "its blobs are kept for a while")
        #expect(try await client.send(.get, "/v2/app/manifests/a").body == image.manifest.payload)
    }
}

extension Answer {
    func expect(_ status: Int) { #expect(self.status == status) }
}
