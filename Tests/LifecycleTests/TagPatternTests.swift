import TestSupport
import Testing

@testable import Lifecycle

@Suite struct TagPatternTests {
    @Test(arguments: [
        ("prod*", "prod", true), ("prod*", "production-team1", true), ("prod*", "reprod", false), ("*prod*", "repositoryprod", true),
        ("*prod*", "prod-team", true), ("v1", "v1", true), ("v1", "v12", false), ("a*a", "a", false), ("a*a", "aa", true), ("*", "x", true),
        ("*ab*ab", "abab", true), ("*ab*ab", "ab", false), ("a*b*c*d*", "abcd", true), ("a.c", "abc", false), ("A*", "a", false),
    ])
    func matches(_ pattern: String, _ tag: String, _ expected: Bool) throws {
        #expect(try #require(TagPattern(pattern)).matches(tag) == expected)
    }

    @Test func hasFourStarsAtMost() {
        #expect(TagPattern("*test*1*2*3") != nil)
        #expect(TagPattern("test*1*2*3*4*5*6") == nil)
    }

    /// Against the definition, on short texts of two letters, where stars have most to choose from.
    @Test func agreesWithTheDefinition() throws {
        func fits(_ pattern: Substring, _ tag: Substring) -> Bool {
            guard let first = pattern.first else { return tag.isEmpty }
            if first == "*" { return fits(pattern.dropFirst(), tag) || !tag.isEmpty && fits(pattern, tag.dropFirst()) }
            return tag.first == first && fits(pattern.dropFirst(), tag.dropFirst())
        }
        var random = SeededRandom(seed: 11)
        var fitting = 0
        for _ in 0..<20_000 {
            let text = String((0..<Int.random(in: 1...7, using: &random)).map { _ in "ab*".randomElement(using: &random) ?? "a" })
            let tag = String((0..<Int.random(in: 1...8, using: &random)).map { _ in "ab".randomElement(using: &random) ?? "a" })
            guard let pattern = TagPattern(text) else { continue }
            let expected = fits(text[...], tag[...])
            if expected { fitting += 1 }
            #expect(pattern.matches(tag) == expected, "\(text) \(tag)")
        }
        #expect(fitting > 1000)
    }
}
