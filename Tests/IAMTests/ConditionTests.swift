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
        (#"{"ArnLike":{"k":"arn:aws:iam::*:role/*"}}"#, ["arn:aws:iam::111122223333:role/a/b"], true),
        (#"{"ArnEquals":{"k":"arn:aws:iam::*:user/*"}}"#, ["arn:aws:iam::111122223333:role/a"], false),
        (#"{"ArnNotLike":{"k":"arn:aws:iam::*:role/*"}}"#, ["arn:aws:iam::111122223333:role/a"], false),
        (#"{"BinaryEquals":{"k":"QUJD"}}"#, ["QUJD"], true), (#"{"Null":{"k":"false"}}"#, ["a"], true), (#"{"Null":{"k":"true"}}"#, ["a"], false),
        (#"{"StringEquals":{"k":"a"},"StringLike":{"k":"b*"}}"#, ["a"], false),
        (#"{"ForAnyValue:StringEquals":{"k":["a","b"]}}"#, ["x", "b"], true), (#"{"ForAnyValue:StringEquals":{"k":"a"}}"#, ["x", "y"], false),
        (#"{"ForAllValues:StringEquals":{"k":["a","b"]}}"#, ["a", "b"], true), (#"{"ForAllValues:StringEquals":{"k":["a"]}}"#, ["a", "b"], false),
        (#"{"StringEquals":{"k":["a","b"]}}"#, ["a", "b"], false),
    ])
    func aKeyThatIsThere(condition: String, values: [String], isMet: Bool) throws {
        #expect(decide(request(facts: ["k": values]), [try policy(statement("Allow", when: condition))]).isAllowed == isMet)
    }

    @Test(arguments: [
        (#"{"StringEquals":{"k":"a"}}"#, false), (#"{"StringNotEquals":{"k":"a"}}"#, true), (#"{"StringEqualsIfExists":{"k":"a"}}"#, true),
        (#"{"NotIpAddress":{"k":"192.0.2.0/24"}}"#, true), (#"{"IpAddress":{"k":"192.0.2.0/24"}}"#, false), (#"{"Null":{"k":"true"}}"#, true),
        (#"{"ForAllValues:StringEquals":{"k":"a"}}"#, true), (#"{"ForAnyValue:StringEquals":{"k":"a"}}"#, false),
        (#"{"ForAnyValue:StringNotEquals":{"k":"a"}}"#, false), (#"{"Bool":{"k":"true"}}"#, false), (#"{"BoolIfExists":{"k":"true"}}"#, true),
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
