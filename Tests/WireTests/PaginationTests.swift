import AWSCore
import IAM
import RegistryCore
import TestSupport
import Testing

@testable import ECRAPI

/// Lists page by page, and the tokens between the pages.
@Suite struct PaginationTests {
    let wire: Wire

    init() async throws {
        wire = try await Wire()
    }

    /// All elements of a list in pages of `size`, and how many pages there were.
    private func walk(_ operation: String, _ request: JSON, _ list: String, size: Int) async throws -> (elements: [JSON], pages: Int) {
        var (elements, pages, request) = ([JSON](), 0, request)
        request["maxResults"] = .integer(size)
        repeat {
            let page = try await wire.succeed(operation, request)
            let found = try #require(page[list]).elements
            #expect(found.count <= size)
            elements += found
            pages += 1
            request["nextToken"] = page["nextToken"]
        } while request["nextToken"] != nil && pages < 1000
        return (elements, pages)
    }

    private func createRepositories(_ count: Int) async throws -> [JSON] {
        let names = (0..<count).map { "team-\($0 % 7)/app-\($0)" }
        for name in names { try await wire.succeed("CreateRepository", ["repositoryName": .string(name)]) }
        return names.sorted().map { .string($0) }
    }

    /// Images with 0, 1, 2, 3, 0, … tags; all entries of ListImages, in no order.
    private func pushImages(_ count: Int, to repository: String) async throws -> Set<JSON> {
        try await wire.succeed("CreateRepository", ["repositoryName": .string(repository)])
        let blob = TestImage.image(layers: [16]).blobs[0]
        try await wire.push(layer: blob, to: repository)
        var entries: Set<JSON> = []
        for number in 0..<count {
            if number % 3 == 0 { wire.installation.clock.advance(by: .milliseconds(7)) }
            let manifest = """
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"\(blob.descriptor.mediaType)",\
                "digest":"\(blob.descriptor.digest)","size":\(blob.descriptor.size)},"layers":[],"annotations":{"number":"\(number)"}}
                """
            var digest: JSON?
            for tag in number % 4 == 0 ? [nil] : (0..<number % 4).map({ "t\(number)-\($0)" }) {
                var request: JSON = ["repositoryName": .string(repository), "imageManifest": .string(manifest)]
                request["imageTag"] = tag.map { .string($0) }
                let answer = try await wire.succeed("PutImage", request)
                digest = answer["image"]?["imageId"]?["imageDigest"]
                var entry: JSON = ["imageDigest": try #require(digest)]
                entry["imageTag"] = tag.map { .string($0) }
                entries.insert(entry)
            }
        }
        return entries
    }

    @Test(arguments: [1, 7, 100, 1000]) func repositoriesComeOnceEachInTheOrderOfTheirNames(size: Int) async throws {
        let names = try await createRepositories(150)
        let (found, pages) = try await walk("DescribeRepositories", [:], "repositories", size: size)
        #expect(found.map { $0["repositoryName"] } == names)
        #expect(pages == (150 + size - 1) / size)
    }

    @Test func withoutASizeAPageHas100() async throws {
        let names = try await createRepositories(101)
        let first = try await wire.succeed("DescribeRepositories")
        #expect(first["repositories"]?.elements.count == 100)
        let second = try await wire.succeed("DescribeRepositories", ["nextToken": try #require(first["nextToken"])])
        #expect(second["repositories"]?.elements.map { $0["repositoryName"] } == [names[100]])
        #expect(second["nextToken"] == nil)
    }

    @Test(arguments: [1, 2, 5, 1000]) func imagesComeOnceEachNewestFirst(size: Int) async throws {
        let entries = try await pushImages(40, to: "app")
        let (listed, _) = try await walk("ListImages", ["repositoryName": "app"], "imageIds", size: size)
        #expect(Set(listed) == entries)
        #expect(listed.count == entries.count)
        let (described, pages) = try await walk("DescribeImages", ["repositoryName": "app"], "imageDetails", size: size)
        #expect(described.count == 40)
        #expect(pages == (40 + size - 1) / size)
        let fromDetails = described.flatMap { image in
            let tags = image["imageTags"]?.elements.map { Optional($0) } ?? [nil]
            return tags.map { tag in
                var entry: JSON = ["imageDigest": image["imageDigest"] ?? .null]
                entry["imageTag"] = tag
                return entry
            }
        }
        #expect(fromDetails == listed)
    }

    @Test func filtersHoldOverPages() async throws {
        let entries = try await pushImages(20, to: "app")
        for (status, isTagged) in [("TAGGED", true), ("UNTAGGED", false)] {
            let request: JSON = ["repositoryName": "app", "filter": ["tagStatus": .string(status)]]
            let (listed, _) = try await walk("ListImages", request, "imageIds", size: 3)
            #expect(Set(listed) == entries.filter { ($0["imageTag"] != nil) == isTagged })
            let (described, _) = try await walk("DescribeImages", request, "imageDetails", size: 3)
            #expect(described.allSatisfy { ($0["imageTags"] != nil) == isTagged })
            #expect(Set(described.map { $0["imageDigest"] }) == Set(listed.map { $0["imageDigest"] }))
        }
    }

    @Test func aTokenIsOpaqueAndCannotBeAltered() async throws {
        _ = try await createRepositories(3)
        let page = try await wire.succeed("DescribeRepositories", ["maxResults": 1])
        let token = try #require(page["nextToken"]?.text)
        #expect(!token.contains("team"))
        let digits = Array(token)
        for index in digits.indices {
            var altered = digits
            altered[index] = altered[index] == "0" ? "1" : "0"
            try await expectRefusal("DescribeRepositories", ["nextToken": .string(String(altered))])
        }
        for text in ["", String(token.dropLast(2)), token + "00", token.uppercased(), String(repeating: "0", count: 500)] where text != token {
            try await expectRefusal("DescribeRepositories", ["nextToken": .string(text)])
        }
    }

    @Test func aTokenWorksForItsOwnListOnly() async throws {
        _ = try await pushImages(4, to: "app")
        _ = try await pushImages(4, to: "other")
        let request: JSON = ["repositoryName": "app", "maxResults": 1]
        let token = try #require(try await wire.succeed("ListImages", request)["nextToken"])
        try await wire.succeed("ListImages", ["repositoryName": "app", "nextToken": token])
        try await wire.succeed("ListImages", ["repositoryName": "app", "nextToken": token, "filter": ["tagStatus": "ANY"]])
        try await expectRefusal("ListImages", ["repositoryName": "other", "nextToken": token])
        try await expectRefusal("ListImages", ["repositoryName": "app", "nextToken": token, "filter": ["tagStatus": "TAGGED"]])
        try await expectRefusal("DescribeImages", ["repositoryName": "app", "nextToken": token])
        try await expectRefusal("DescribeRepositories", ["nextToken": token])
        let elsewhere = Caller.root(of: wire.caller.account, accessKeyID: "AKIA", region: try #require(Region("eu-west-1")))
        try await expectRefusal("ListImages", ["repositoryName": "app", "nextToken": token], as: elsewhere)
    }

    @Test func aTokenExpiresAfterADay() async throws {
        _ = try await createRepositories(3)
        let token = try #require(try await wire.succeed("DescribeRepositories", ["maxResults": 1])["nextToken"])
        wire.installation.clock.advance(by: .seconds(24 * 3600 - 1))
        try await wire.succeed("DescribeRepositories", ["nextToken": token])
        wire.installation.clock.advance(by: .seconds(1))
        try await expectRefusal("DescribeRepositories", ["nextToken": token])
    }

    @Test func aListGoesOnAlthoughItsPlaceIsGone() async throws {
        let names = try await createRepositories(3)
        let token = try #require(try await wire.succeed("DescribeRepositories", ["maxResults": 1])["nextToken"])
        for name in names.prefix(2) { try await wire.succeed("DeleteRepository", ["repositoryName": name]) }
        let rest = try await wire.succeed("DescribeRepositories", ["nextToken": token])
        #expect(rest["repositories"]?.elements.map { $0["repositoryName"] } == [names[2]])
    }

    private func expectRefusal(
        _ operation: String, _ request: JSON, as caller: Caller? = nil, location: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await wire.call(operation, request, as: caller)
        #expect(answer.code == "InvalidParameterException", sourceLocation: location)
        #expect(
            answer.message == "Invalid parameter at 'nextToken' failed to satisfy constraint: 'Invalid or expired token'", sourceLocation: location)
    }
}
