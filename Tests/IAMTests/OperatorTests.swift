import IAM
import Testing

/// Every operator of the language, in every form that it has.
@Suite struct OperatorTests {
    /// An operator with a value of a policy, and what fits it and what does not.
    struct Example: Sendable, CustomTestStringConvertible {
        let name: String
        let wanted: String
        let fitting: String
        let other: String

        init(_ name: String, _ wanted: String, fits fitting: String, not other: String) {
            self.name = name
            self.wanted = wanted
            self.fitting = fitting
            self.other = other
        }

        var testDescription: String { name }
        var isNegated: Bool { name.contains("Not") }
    }

    /// All that the IAM user guide lists, but `Null`.
    static let examples = [
        Example("StringEquals", "a", fits: "a", not: "A"), Example("StringNotEquals", "a", fits: "A", not: "a"),
        Example("StringEqualsIgnoreCase", "a", fits: "A", not: "b"), Example("StringNotEqualsIgnoreCase", "a", fits: "b", not: "A"),
        Example("StringLike", "a*", fits: "ab", not: "ba"), Example("StringNotLike", "a*", fits: "ba", not: "ab"),
        Example("NumericEquals", "10", fits: "10.0", not: "11"), Example("NumericNotEquals", "10", fits: "11", not: "10.0"),
        Example("NumericLessThan", "10", fits: "9.99", not: "10"), Example("NumericLessThanEquals", "10", fits: "10", not: "10.01"),
        Example("NumericGreaterThan", "10", fits: "10.01", not: "10"), Example("NumericGreaterThanEquals", "10", fits: "10", not: "9.99"),
        Example("DateEquals", "2026-01-01", fits: "1767225600", not: "2026-01-02"),
        Example("DateNotEquals", "2026-01-01", fits: "2026-01-02", not: "1767225600"),
        Example("DateLessThan", "2026-01-01T00:00:00Z", fits: "2025-12-31T23:59:59Z", not: "2026-01-01T00:00:00Z"),
        Example("DateLessThanEquals", "2026-01-01T00:00:00Z", fits: "2026-01-01T00:00:00Z", not: "2026-01-01T00:00:01Z"),
        Example("DateGreaterThan", "2026-01-01T00:00:00Z", fits: "2026-01-01T00:00:01Z", not: "2026-01-01T00:00:00Z"),
        Example("DateGreaterThanEquals", "2026-01-01T00:00:00Z", fits: "2026-01-01T00:00:00Z", not: "2025-12-31T23:59:59Z"),
        Example("Bool", "true", fits: "true", not: "false"), Example("BinaryEquals", "QUJD", fits: "QUJD", not: "QUJE"),
        Example("IpAddress", "192.0.2.0/24", fits: "192.0.2.7", not: "192.0.3.7"),
        Example("NotIpAddress", "192.0.2.0/24", fits: "192.0.3.7", not: "192.0.2.7"),
        Example("ArnEquals", "arn:aws:iam::*:role/a", fits: "arn:aws:iam::1:role/a", not: "arn:aws:iam::1:role/b"),
        Example("ArnLike", "arn:aws:iam::*:role/*", fits: "arn:aws:iam::1:role/a/b", not: "arn:aws:iam::1:user/a"),
        Example("ArnNotEquals", "arn:aws:iam::*:role/a", fits: "arn:aws:iam::1:role/b", not: "arn:aws:iam::1:role/a"),
        Example("ArnNotLike", "arn:aws:iam::*:role/*", fits: "arn:aws:iam::1:user/a", not: "arn:aws:iam::1:role/a/b"),
    ]

    /// Whether a statement with this one condition applies to a request whose key `k` has these values; nil: it has no such key.
    private func isMet(_ name: String, _ wanted: String, _ values: [String]?) throws -> Bool {
        let document = try policy(statement("Allow", when: #"{"\#(name)":{"k":"\#(wanted)"}}"#))
        return decide(request(facts: values.map { ["k": $0] } ?? [:]), [document]).isAllowed
    }

    @Test(arguments: examples) func alone(example: Example) throws {
        #expect(try isMet(example.name, example.wanted, [example.fitting]))
        #expect(try !isMet(example.name, example.wanted, [example.other]))
        #expect(try isMet(example.name, example.wanted, nil) == example.isNegated)
    }

    @Test(arguments: examples) func ifExists(example: Example) throws {
        let name = example.name + "IfExists"
        #expect(try isMet(name, example.wanted, [example.fitting]))
        #expect(try !isMet(name, example.wanted, [example.other]))
        #expect(try isMet(name, example.wanted, nil))
    }

    @Test(arguments: examples) func ofSeveralValues(example: Example) throws {
        let (both, fitting, other) = ([example.other, example.fitting], [example.fitting], [example.other])
        for end in ["", "IfExists"] {
            #expect(try isMet("ForAnyValue:\(example.name)\(end)", example.wanted, both))
            #expect(try !isMet("ForAnyValue:\(example.name)\(end)", example.wanted, other))
            #expect(try !isMet("ForAllValues:\(example.name)\(end)", example.wanted, both))
            #expect(try isMet("ForAllValues:\(example.name)\(end)", example.wanted, fitting))
            #expect(try isMet("ForAllValues:\(example.name)\(end)", example.wanted, nil))
        }
        #expect(try !isMet("ForAnyValue:\(example.name)", example.wanted, nil))
        #expect(try isMet("ForAnyValue:\(example.name)IfExists", example.wanted, nil))
        #expect(try !isMet(example.name, example.wanted, both), "without a quantifier several values fit nothing")
    }

    @Test func nullAsksForTheKeyItself() throws {
        #expect(try isMet("Null", "true", nil))
        #expect(try !isMet("Null", "true", ["a"]))
        #expect(try isMet("Null", "false", ["a"]))
        #expect(try !isMet("Null", "false", nil))
    }

    @Test(arguments: ["NullIfExists", "StringMatches", "ForEachValue:StringEquals", "ForAnyValue:", "IfExists", ""])
    func thereIsNoOther(name: String) {
        #expect(throws: MalformedPolicy.self) { try policy(statement("Allow", when: #"{"\#(name)":{"k":"a"}}"#)) }
    }
}
