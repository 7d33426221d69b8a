import IAM
import Testing

@Suite struct VariableTests {
    /// A variable without value makes the statement void, also where not to be equal would be enough, and also in a Deny.
    @Test(arguments: [
        (#"{"StringNotEquals":{"k":"${aws:username}"}}"#, false), (#"{"StringNotLike":{"k":["x","${aws:username}"]}}"#, false),
        (#"{"ForAnyValue:StringNotEquals":{"k":"${aws:username}"}}"#, false), (#"{"StringNotEquals":{"k":"${aws:username, 'x'}"}}"#, true),
        (#"{"StringEquals":{"k":["${aws:username}","a"]}}"#, true), (#"{"ArnNotEquals":{"k":"arn:aws:iam::1:user/${aws:username}"}}"#, false),
        (#"{"StringEquals":{"k":"${}"}}"#, false), (#"{"StringEquals":{"k":"${$}{a}"}}"#, false), (#"{"StringLike":{"k":"${?}"}}"#, false),
    ])
    func withoutValue(condition: String, applies: Bool) throws {
        let asked = request(facts: ["k": ["a"]])
        #expect(decide(asked, [try policy(statement("Allow", when: condition))]).isAllowed == applies)
        #expect(decide(asked, [try policy(statement("Allow")), try policy(statement("Deny", when: condition))]).isAllowed != applies)
    }

    @Test func inNotResource() throws {
        let text = #"{"Effect":"Deny","Action":"*","NotResource":["arn:aws:ecr:*:*:repository/x","arn:aws:ecr:*:*:repository/${aws:username}"]}"#
        let allow = try policy(statement("Allow"))
        #expect(decide(request(), [allow, try policy(text)]).isAllowed)
        #expect(!decide(request(facts: ["aws:username": ["ci"]]), [allow, try policy(text)]).isAllowed)
        #expect(decide(request(facts: ["aws:username": ["app"]]), [allow, try policy(text)]).isAllowed)
    }

    @Test func forAPartOfAnARN() throws {
        let document = try policy(statement("Allow", on: #""arn:aws:ecr:${aws:RequestedRegion}:${aws:PrincipalAccount}:repository/*""#))
        let facts = ["aws:RequestedRegion": ["us-east-1"], "aws:PrincipalAccount": ["111122223333"]]
        #expect(decide(request(facts: facts), [document]).isAllowed)
        #expect(!decide(request(facts: ["aws:RequestedRegion": ["us-east-1"], "aws:PrincipalAccount": ["444455556666"]]), [document]).isAllowed)
    }

    /// An operator that allows a key to be missing does not look at the values then.
    @Test func inAConditionWhoseKeyIsMissing() throws {
        #expect(decide(request(), [try policy(statement("Allow", when: #"{"StringEqualsIfExists":{"k":"${aws:username}"}}"#))]).isAllowed)
    }
}
