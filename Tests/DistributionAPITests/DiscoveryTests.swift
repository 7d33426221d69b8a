import Foundation
import HTTPTypes
import OCI
import RegistryCore
import TestSupport
import Testing

@Suite("Tag lists")
struct TagListTests {
    private func client(tags: [String]) async throws -> RegistryClient {
        let client = try await RegistryClient()
        let image = TestImage.image()
        try await client.push(image)
        for tag in tags { #expect(try await client.put(image, as: tag).status == 201) }
        return client
    }

    @Test("A list is sorted by bytes, whatever the order of pushes")
    func sorted() async throws {
        let client = try await client(tags: ["b", "a", "_z", "B", "0", "a.b", "a-b", "v10", "v9"])
        let answer = try await client.send(.get, "/v2/app/tags/list")
        #expect(answer["Content-Type"] == "application/json" && answer["Link"] == nil && answer.action == "ecr:ListImages")
        #expect(String(decoding: answer.body, as: UTF8.self) == #"{"name":"app","tags":["0","B","_z","a","a-b","a.b","b","v10","v9"]}"#)
    }

    @Test("A repository without tags has an empty list")
    func empty() async throws {
        let client = try await RegistryClient()
        #expect(String(decoding: try await client.send(.get, "/v2/team/other/tags/list").body, as: UTF8.self) == #"{"name":"team/other","tags":[]}"#)
    }

    @Test("Pages follow each other by their Links, without gap or repetition", arguments: [1, 2, 3, 5, 7])
    func pages(size: Int) async throws {
        let all = ["a", "b", "c", "d", "e"]
        let client = try await client(tags: all)
        var target: String? = "/v2/app/tags/list?n=\(size)"
        var seen: [String] = []
        while let next = target {
            let answer = try await client.send(.get, next)
            let page = try JSONDecoder().decode(Page.self, from: Data(answer.body)).tags
            #expect(page.count == size || answer.next == nil)
            seen += page
            target = answer.next
        }
        #expect(seen == all)
    }

    private struct Page: Decodable {
        let tags: [String]
    }

    @Test(
        "Parameters",
        arguments: [
            ("n=0", "[]"), ("last=b", #"["c"]"#), ("last=bb", #"["c"]"#), ("n=1&last=a", #"["b"]"#), ("last=z", "[]"),
            ("n=99999999999999999999", #"["a","b","c"]"#),
            ("last=", #"["a","b","c"]"#), ("n=3", #"["a","b","c"]"#), ("last=%62", #"["c"]"#), ("unknown=1", #"["a","b","c"]"#),
        ])
    func parameters(_ query: String, tags: String) async throws {
        let client = try await client(tags: ["a", "b", "c"])
        let answer = try await client.send(.get, "/v2/app/tags/list?\(query)")
        #expect(String(decoding: answer.body, as: UTF8.self) == #"{"name":"app","tags":\#(tags)}"#)
        #expect((answer["Link"] != nil) == (query == "n=1&last=a"))
    }

    @Test("A Link is a path whose parameters are encoded")
    func link() async throws {
        let client = try await client(tags: ["a_b.c-d", "e"])
        #expect(try await client.send(.get, "/v2/app/tags/list?n=1")["Link"] == #"</v2/app/tags/list?last=a_b.c-d&n=1>; rel="next""#)
    }

    @Test("Numbers that are none are refused", arguments: ["n=", "n=-1", "n=x", "n=1.5", "n=+1", "n=%20"])
    func invalidNumber(_ query: String) async throws {
        let client = try await RegistryClient()
        #expect(try await client.send(.get, "/v2/app/tags/list?\(query)").summary == "400 PAGINATION_NUMBER_INVALID")
    }

    @Test("Queries that are no text are refused", arguments: ["last=%00", "last=%ff", "last=%"])
    func invalidQuery(_ query: String) async throws {
        let client = try await RegistryClient()
        #expect(try await client.send(.get, "/v2/app/tags/list?\(query)").summary == "400 UNSUPPORTED")
    }

    @Test("Without n, a page has a thousand tags and the next is linked")
    func defaultPage() async throws {
        let client = try await RegistryClient()
        let name = try #require(RepositoryName("app"))
        try await client.push(.image())
        var limitedTags = (0..<1001).map { "t\(String($0 + 10_000))" }
        let last = limitedTags.removeLast()
        let second = TestImage.image(seed: 2)
        try await client.push(second)
        // More than a thousand tags are more than one image may have.
        for (image, tags) in [(TestImage.image(), limitedTags), (second, [last])] {
            _ = try await client.installation.registry.putImage(NewImage(manifest: image.manifest, tags: tags.compactMap { ImageTag($0) }), in: name)
        }
        let answer = try await client.send(.get, "/v2/app/tags/list")
        #expect(try JSONDecoder().decode(Page.self, from: Data(answer.body)).tags == limitedTags)
        let rest = try await client.send(.get, try #require(answer.next))
        #expect(try JSONDecoder().decode(Page.self, from: Data(rest.body)).tags == [last])
        #expect(rest.next == nil)
    }
}

@Suite("Referrers")
struct ReferrersTests {
    struct Index: Decodable {
        struct Entry: Decodable {
            let mediaType: String
            let digest: String
            let size: Int
            let artifactType: String?
            let annotations: [String: String]?
        }
        let schemaVersion: Int
        let mediaType: String
        let manifests: [Entry]
    }

    private func index(_ answer: Answer) throws -> Index {
        #expect(answer.status == 200 && answer["Content-Type"] == "application/vnd.oci.image.index.v1+json")
        let index = try JSONDecoder().decode(Index.self, from: Data(answer.body))
        #expect(index.schemaVersion == 2 && index.mediaType == "application/vnd.oci.image.index.v1+json")
        return index
    }

    @Test("Artifacts, images and indexes with a subject are listed, with their types and annotations")
    func list() async throws {
        let client = try await RegistryClient()
        let subject = TestImage.image()
        try await client.push(subject, tag: "v1")
        let artifact = TestImage.artifact("application/spdx+json", of: subject, annotations: ["org.example.key": "a/b \u{e9}"])
        let referrers = [artifact, TestImage.image(seed: 2, subject: subject), TestImage.index(of: [.image(seed: 3)], subject: subject)]
        for referrer in referrers {
            #expect(try await client.push(referrer)["OCI-Subject"] == subject.digest.description)
        }
        let answer = try await client.send(.get, "/v2/app/referrers/\(subject.digest)")
        #expect(answer["OCI-Filters-Applied"] == nil && answer.action == "ecr:BatchGetImage")
        let entries = try index(answer).manifests
        #expect(Set(entries.map(\.digest)) == Set(referrers.map(\.digest.description)))
        let byDigest = Dictionary(uniqueKeysWithValues: entries.map { ($0.digest, $0) })
        for (referrer, type) in zip(referrers, ["application/spdx+json", "application/vnd.oci.image.config.v1+json", nil]) {
            let entry = try #require(byDigest[referrer.digest.description])
            #expect(entry.mediaType == referrer.manifest.mediaType.description)
            #expect(entry.size == referrer.manifest.payload.count)
            #expect(entry.artifactType == type)
            #expect(entry.annotations ?? [:] == referrer.manifest.annotations)
        }
    }

    @Test("A filter is applied and told", arguments: ["application/spdx+json", "application/spdx%2Bjson"])
    func filter(_ written: String) async throws {
        let client = try await RegistryClient()
        let subject = TestImage.image()
        let wanted = TestImage.artifact("application/spdx+json", of: subject, seed: 1)
        for referrer in [wanted, .artifact("application/x", of: subject, seed: 2)] { try await client.push(referrer) }
        let answer = try await client.send(.get, "/v2/app/referrers/\(subject.digest)?artifactType=\(written)")
        #expect(answer["OCI-Filters-Applied"] == "artifactType")
        #expect(try index(answer).manifests.map(\.digest) == [wanted.digest.description])
        let none = try await client.send(.get, "/v2/app/referrers/\(subject.digest)?artifactType=a/b")
        #expect(try index(none).manifests.isEmpty && none["OCI-Filters-Applied"] == "artifactType")
    }

    @Test("A subject may be absent, and is listed before it comes; by its own algorithm")
    func missingSubject() async throws {
        let client = try await RegistryClient()
        let subject = TestImage.image(seed: 9)
        let referrer = TestImage.artifact("a/b", of: subject)
        #expect(try await client.push(referrer)["OCI-Subject"] == subject.digest.description)
        #expect(
            try index(try await client.send(.get, "/v2/app/referrers/\(subject.digest)")).manifests.map(\.digest) == [referrer.digest.description])
        let other = Digest.of(subject.manifest.payload, by: .sha512)
        #expect(try index(try await client.send(.get, "/v2/app/referrers/\(other)")).manifests.isEmpty)
    }

    @Test("An unknown digest has an empty index; a text that is none is refused")
    func unknown() async throws {
        let client = try await RegistryClient()
        #expect(try index(try await client.send(.get, "/v2/app/referrers/\(Digest.of([1]))")).manifests.isEmpty)
        #expect(try await client.send(.get, "/v2/app/referrers/sha256:x").summary == "400 DIGEST_INVALID")
        #expect(try await client.send(.get, "/v2/absent/referrers/\(Digest.of([1]))").summary == "404 NAME_UNKNOWN")
    }

    @Test("Pages follow each other by their Links, the filter kept", arguments: [1, 2, 10])
    func pages(size: Int) async throws {
        let client = try await RegistryClient()
        let subject = TestImage.image()
        let referrers = (1...5).map { TestImage.artifact("application/x+json", of: subject, seed: UInt64($0)) }
        for referrer in referrers { try await client.push(referrer) }
        try await client.push(.artifact("other/type", of: subject, seed: 77))
        var target: String? = "/v2/app/referrers/\(subject.digest)?artifactType=application/x%2Bjson&n=\(size)"
        var seen: [String] = []
        while let next = target {
            let answer = try await client.send(.get, next)
            seen += try index(answer).manifests.map(\.digest)
            #expect(answer["OCI-Filters-Applied"] == "artifactType")
            target = answer.next
        }
        #expect(seen == referrers.map(\.digest.description), "oldest first, each once")
    }

    @Test("Annotations do not make an answer too large: the rest is linked")
    func largeAnnotations() async throws {
        let client = try await RegistryClient()
        let subject = TestImage.image()
        let text = String(repeating: "x", count: 3 << 20)
        for seed in 1...3 { try await client.push(.artifact("a/b", of: subject, seed: UInt64(seed), annotations: ["large": text])) }
        var target: String? = "/v2/app/referrers/\(subject.digest)"
        var counts: [Int] = []
        while let next = target {
            let answer = try await client.send(.get, next)
            counts.append(try index(answer).manifests.count)
            target = answer.next
        }
        #expect(counts == [1, 1, 1])
    }

    @Test("A place that no Link gave is refused", arguments: ["after=x", "after=1", "after=1.2.3", "after=", "n=x"])
    func invalidCursor(_ query: String) async throws {
        let client = try await RegistryClient()
        #expect(try await client.send(.get, "/v2/app/referrers/\(Digest.of([1]))?\(query)").status == 400)
    }
}
