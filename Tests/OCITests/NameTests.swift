import OCI
import TestSupport
import Testing

@Suite("Grammars of names")
struct NameTests {
    static let hex64 = String(repeating: "0123456789abcdef", count: 4)
    static let hex128 = hex64 + hex64

    @Test("Digests that are well formed", arguments: ["sha256:\(hex64)", "sha512:\(hex128)"])
    func wellFormedDigest(_ text: String) throws {
        let digest = try #require(Digest(text))
        #expect(digest.description == text)
        #expect(digest.bytes.count == digest.algorithm.byteCount)
        #expect(Digest(bytes: digest.bytes) == digest)
    }

    @Test(
        "Texts that are no digest",
        arguments: [
            "", ":", "sha256", "sha256:", hex64, "sha256:\(hex64)0", "sha256:\(hex64.dropLast())", "sha512:\(hex64)", "sha256:\(hex128)",
            "SHA256:\(hex64)", "sha256:\(hex64.uppercased())", "sha384:\(hex64)", "md5:d41d8cd98f00b204e9800998ecf8427e",
            " sha256:\(hex64)", "sha256: \(hex64)", "sha256:\(hex64)\n", "sha256:\(hex64.dropLast())g", "sha256:../\(hex64.dropLast(3))",
            "sha256:\(hex64.dropLast(2))\u{0660}", "sha256::\(hex64)", "sha256+b64:\(hex64)", "sha256:baddigeststring",
        ])
    func malformedDigest(_ text: String) { #expect(Digest(text) == nil) }

    @Test("Digests are ordered as their written forms are")
    func digestOrder() throws {
        let digests = try ["sha512:\(hex128Of("0"))", "sha256:\(hex64Of("f"))", "sha256:\(hex64Of("0"))"].map { try #require(Digest($0)) }
        #expect(digests.sorted().map(\.description) == digests.map(\.description).sorted())
    }

    private func hex64Of(_ digit: String) -> String { String(repeating: digit, count: 64) }
    private func hex128Of(_ digit: String) -> String { String(repeating: digit, count: 128) }

    @Test("Tags", arguments: ["latest", "v1.2.3", "_internal", "A-b_c.d", "0", "sha256-\(hex64).sig", String(repeating: "a", count: 128)])
    func tag(_ text: String) throws {
        #expect(ImageTag(text)?.description == text)
        #expect(try #require(Reference(text)) == .tag(try #require(ImageTag(text))))
    }

    @Test("Texts that are no tag", arguments: ["", ".a", "-a", "a b", "a:b", "a/b", "a@b", "ä", "a\0", "a\n", String(repeating: "a", count: 129)])
    func noTag(_ text: String) { #expect(ImageTag(text) == nil) }

    @Test("A reference with a colon is a digest or nothing")
    func reference() throws {
        let digest = try #require(Digest("sha256:\(Self.hex64)"))
        #expect(Reference("sha256:\(Self.hex64)") == .digest(digest))
        #expect(Reference("sha256:\(Self.hex64)")?.description == digest.description)
        #expect(Reference("sha256:beef") == nil)
        #expect(Reference("") == nil)
    }

    @Test(
        "Repository names",
        arguments: [
            "ab", "a/b", "library/alpine", "a0/b1/c2", "foo.bar/baz-qux", "with__two/and---three", "a.b.c", "a_b", "0/1",
            String(repeating: "a", count: 256), "manifests/tags", "blobs/uploads",
        ])
    func repositoryName(_ text: String) throws {
        #expect(RepositoryName(text)?.description == text)
        #expect(try Regex(RepositoryName.pattern).wholeMatch(in: text) != nil)
    }

    @Test(
        "Texts that are no repository name",
        arguments: [
            "", "/a", "a/", "a//b", "A/b", "aB", ".a", "a.", "a..b", "a/_b", "a_", "a___b", "a._b", "a.-b", "a b", "a/../b", "..", "a/.", "ä/b",
            "a\0b",
            "a%2fb", "a\\b", "a:b", "-a", "a-", "a/-b",
        ])
    func noRepositoryName(_ text: String) throws {
        #expect(RepositoryName(text) == nil)
        #expect(try Regex(RepositoryName.pattern).wholeMatch(in: text) == nil)
    }

    @Test("Lengths of repository names", arguments: [(1, false), (2, true), (256, true), (257, false)])
    func repositoryNameLength(_ length: Int, isName: Bool) {
        #expect((RepositoryName(String(repeating: "a", count: length)) != nil) == isName)
    }

    @Test("The grammar of names is the pattern that ECR's model states")
    func namesAgreeWithPattern() throws {
        var generator = SeededRandom(seed: 1)
        let pattern = try Regex(RepositoryName.pattern)
        for _ in 0..<3_000 {
            let length = Int.random(in: 2...9, using: &generator)
            let text = String((0..<length).map { _ in "a0._-/A".randomElement(using: &generator) ?? "a" })
            #expect((RepositoryName(text) != nil) == (try pattern.wholeMatch(in: text) != nil), "\(text)")
        }
    }

    @Test("Hex goes both ways")
    func hex() {
        let bytes = [UInt8](0...255)
        #expect([UInt8](lowercaseHex: Array(bytes.lowercaseHex.utf8)) == bytes)
        #expect([UInt8](lowercaseHex: Array("0".utf8)) == nil)
        #expect([UInt8](lowercaseHex: Array("0G".utf8)) == nil)
        #expect([UInt8](lowercaseHex: Array("AB".utf8)) == nil)
    }

    @Test(
        "Content-Type without its parameters",
        arguments: [
            ("application/json", "application/json"), ("application/json; charset=utf-8", "application/json"), (" a/b ", "a/b"), ("a/b;", "a/b"),
        ])
    func contentType(_ header: String, type: String) { #expect(MediaType(contentType: header)?.description == type) }

    @Test("Headers that name no media type", arguments: ["", " ", ";", "a b", "a/\u{7F}", "a/\r\nb"])
    func noContentType(_ header: String) { #expect(MediaType(contentType: header) == nil) }
}
