import IAM
import Testing

@Suite struct ConditionTests {
    @Test(arguments: [
        (#"{"StringEquals":{"k":"a"}}"#, ["a"], true), (#"{"StringEquals":{"K":["b","a"]}}"#, ["a"], true),
        (#"{"StringEquals":{"k":"A"}}"#, ["a"], false), (#"{"StringEqualsIgnoreCase":{"k":"A"}}"#, ["a"], true),
        (#"{"StringNotEquals":{"k":["a","b"]}}"#, ["a"], false), (#"{"StringNotEquals":{"k":["b","c"]}}"#, ["a"], true),
        (#"{"StringLike":{"k":"re*se-?"}}"#, ["release-1"], true), (#"{"StringNotLike":{"k":"re*"}}"#, ["release-1"], false),
        (#"{"NumericLessThan":{"k":"10"}}"#, ["9.5"], true), (#"{"NumericLessThan":{"k":10}}"#, ["ten"], false),
        (#"{"NumericGreaterThanEquals":{"k":10}}"#, ["10"], true), (#"{"NumericNotEquals":{"k":10}}"#, ["11"], true),
        (#"{"DateLessThan":{"k":"2026-02-01T00:00:00Z"}}"#, ["2026-01-31T23:59:59Z"], true),
        (#"{"DateGreaterThan":{"k":"2026-01-31T12:00:00+02:00"}}"#, ["2026-01-31T10:00:01Z"], true),
        (#"{"DateEquals":{"k":"1767225600"}}"#, ["2026-01-01"], true), (#"{"DateEquals":{"k":"2026-13-01"}}"#, ["2026-01-01"], false),
        (#"{"Bool":{"k":true}}"#, ["true"], true), (#"{"Bool":{"k":"false"}}"#, ["true"], false),
        (#"{"IpAddress":{"k":"192.0.2.0/24"}}"#, ["192.0.2.77"], true), (#"{"IpAddress":{"k":"192.0.2.0/25"}}"#, ["192.0.2.200"], false),
        (#"{"NotIpAddress":{"k":"192.0.2.0/24"}}"#, ["198.51.100.1"], true), (#"{"IpAddress":{"k":"2001:db8::/32"}}"#, ["2001:db8:1::1"], true),
        (#"{"IpAddress":{"k":"192.0.2.0/24"}}"#, ["::ffff:192.0.2.7"], true), (#"{"IpAddress":{"k":"junk"}}"#, ["192.0.2.7"], false),
        (#"{"IpAddress":{"k":"192.0.2.0/24"}}"#, ["192.0.2.7\0x"], false),
        (#"{"ArnLike":{"k":"arn:aws:iam::*:role/*"}}"#, ["arn:aws:iam::111122223333:role/a/b"], true),
        (#"{"ArnEquals":{"k":"arn:aws:iam::*:user/*"}}"#, ["arn:aws:iam::111122223333:role/a"], false),
        (#"{"ArnNotLike":{"k":"arn:aws:iam::*:role/*"}}"#, ["arn:aws:iam::111122223333:role/a"], false),
        (#"{"BinaryEquals":{"k":"QUJD"}}"#, ["QUJD"], true), (#"{"Null":{"k":"false"}}"#, ["a"], true), (#"{"Null":{"k":"true"}}"#, ["a"], false),
        (#"{"StringEquals":{"k":"a"},"StringLike":{"k":"b*"}}"#, ["a"], false),
        (#"{"ForAnyValue:StringEquals":{"k":["a","b"]}}"#, ["x", "b"], true), (#"{"ForAnyValue:StringEquals":{"k":"a"}}"#, ["x", "y"], false),
        (#"{"ForAllValues:StringEquals":{"k":["a","b"]}}"#, ["a", "b"], true), (#"{"ForAllValues:StringEquals":{"k":["a"]}}"#, ["a", "b"], false),
        (#"{"StringEquals":{"k":["a","b"]}}"#, ["a", "b"], false), (#"{"StringNotEquals":{"k":"c"}}"#, ["a", "b"], false),
        // Names of operators are the same in any case of letters; an empty list of values fits nothing.
        (#"{"stringequals":{"k":"a"}}"#, ["a"], true), (#"{"foranyvalue:stringlike":{"k":"b*"}}"#, ["a", "b"], true),
        (#"{"StringEquals":{"k":[]}}"#, ["a"], false), (#"{"StringNotEquals":{"k":[]}}"#, ["a"], true),
    ])
    func aKeyThatIsThere(condition: String, values: [String], isMet: Bool) throws {
        #expect(decide(request(facts: ["k": values]), [try policy(statement("Allow", when: condition))]).isAllowed == isMet)
    }

    @Test(arguments: [
        (#"{"ForAllValues:StringNotEquals":{"k":["x","y"]}}"#, ["a", "b"], true),
        (#"{"ForAllValues:StringNotEquals":{"k":["x","b"]}}"#, ["a", "b"], false),
        (#"{"ForAnyValue:StringNotEquals":{"k":["a","b"]}}"#, ["a", "c"], true),
        (#"{"ForAnyValue:StringNotEquals":{"k":["a","b"]}}"#, ["a", "b"], false),
        (#"{"Bool":{"k":"banana"}}"#, ["banana"], false), (#"{"Bool":{"k":"TRUE"}}"#, ["true"], true),
        (#"{"NumericNotEquals":{"k":"ten"}}"#, ["10"], true), (#"{"NumericLessThanEquals":{"k":"1e3"}}"#, ["1000"], true),
        (#"{"DateLessThanEquals":{"k":"2026-01-01"}}"#, ["2026-01-01T00:00:00Z"], true),
        (#"{"DateNotEquals":{"k":"2026-01-01"}}"#, ["2026-01-02"], true),
        (#"{"DateGreaterThanEquals":{"k":1767225600}}"#, ["2026-01-01T00:00:00Z"], true),
        (#"{"IpAddress":{"k":["198.51.100.0/24","192.0.2.1"]}}"#, ["192.0.2.1"], true), (#"{"IpAddress":{"k":"0.0.0.0/0"}}"#, ["192.0.2.1"], true),
        (#"{"IpAddress":{"k":"0.0.0.0/0"}}"#, ["2001:db8::1"], false), (#"{"NotIpAddress":{"k":"192.0.2.0/24"}}"#, ["192.0.2.1"], false),
        (#"{"ArnLike":{"k":"*"}}"#, ["arn:aws:iam::111122223333:role/a"], true),
        (#"{"ArnLike":{"k":"arn:aws:iam::*"}}"#, ["arn:aws:iam::111122223333:role/a"], true),
        (#"{"ArnEquals":{"k":"arn:aws:s3:::b"}}"#, ["no arn"], false), (#"{"ArnNotEquals":{"k":"arn:aws:s3:::b"}}"#, ["arn:aws:s3:::c"], true),
        // Two ways to write one letter are two texts.
        (#"{"StringEquals":{"k":"caf\u00e9"}}"#, ["caf\u{e9}"], true), (#"{"StringEquals":{"k":"cafe\u0301"}}"#, ["caf\u{e9}"], false),
        (#"{"StringLike":{"k":"caf?"}}"#, ["caf\u{e9}"], true), (#"{"StringEqualsIgnoreCase":{"k":"CAF\u00c9"}}"#, ["caf\u{e9}"], true),
    ])
    func moreOfThem(condition: String, values: [String], isMet: Bool) throws {
        #expect(decide(request(facts: ["k": values]), [try policy(statement("Allow", when: condition))]).isAllowed == isMet)
    }

    @Test(arguments: [
        (#"{"StringEquals":{"k":"a"}}"#, false), (#"{"StringNotEquals":{"k":"a"}}"#, true), (#"{"StringEqualsIfExists":{"k":"a"}}"#, true),
        (#"{"NotIpAddress":{"k":"192.0.2.0/24"}}"#, true), (#"{"IpAddress":{"k":"192.0.2.0/24"}}"#, false), (#"{"Null":{"k":"true"}}"#, true),
        (#"{"ForAllValues:StringEquals":{"k":"a"}}"#, true), (#"{"ForAnyValue:StringEquals":{"k":"a"}}"#, false),
        (#"{"ForAnyValue:StringNotEquals":{"k":"a"}}"#, false), (#"{"Bool":{"k":"true"}}"#, false), (#"{"BoolIfExists":{"k":"true"}}"#, true),
        (#"{"Null":{"k":"false"}}"#, false), (#"{"ArnNotLike":{"k":"arn:aws:iam::*:role/*"}}"#, true),
        (#"{"NumericNotEqualsIfExists":{"k":"1"}}"#, true), (#"{"ForAnyValue:StringEqualsIfExists":{"k":"a"}}"#, true),
        (#"{"ForAllValues:StringEquals":{"k":"a"},"Null":{"k":"false"}}"#, false),
    ])
    func aKeyThatIsNotThere(condition: String, isMet: Bool) throws {
        #expect(decide(request(), [try policy(statement("Allow", when: condition))]).isAllowed == isMet)
    }

    @Test(arguments: [
        ("${aws:username}-app", ["aws:username": ["app"]], false), ("${aws:username}", ["aws:username": ["app"]], true),
        ("${aws:username}", [:], false), ("${aws:username, 'app'}", [:], true), ("${aws:username, 'x'}", ["aws:username": ["app"]], true),
        ("${aws:username}", ["aws:username": ["a*"]], false), ("a${*}p", [:], false), ("a*${aws:username}", ["aws:username": ["p", "q"]], false),
    ])
    func variablesInResources(name: String, facts: [String: [String]], covers: Bool) throws {
        let document = try policy(statement("Allow", on: #""arn:aws:ecr:us-east-1:111122223333:repository/\#(name)""#))
        #expect(decide(request(facts: facts), [document]).isAllowed == covers)
    }

    @Test func variablesInConditionsAreReplacedAndTheOldLanguageHasNone() throws {
        let condition = #"{"StringEquals":{"k":"${aws:PrincipalTag/team}"}}"#
        let facts = ["k": ["red"], "aws:PrincipalTag/team": ["red"]]
        #expect(decide(request(facts: facts), [try policy(statement("Allow", when: condition))]).isAllowed)
        #expect(!decide(request(facts: facts), [try policy(statement("Allow", when: condition), version: "2008-10-17")]).isAllowed)
    }
}
