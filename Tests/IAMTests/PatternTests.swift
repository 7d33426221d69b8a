import AWSCore
import IAM
import Testing

@Suite struct PatternTests {
    @Test(arguments: [
        ("*", "", true), ("*", "anything", true), ("a*", "a", true), ("a*c", "abbc", true), ("a*c", "abbd", false), ("a?c", "abc", true),
        ("a?c", "ac", false), ("?", "é", true), ("??", "é", false), ("a*b*c", "aXbXbXc", true), ("", "", true), ("", "a", false), ("**", "x", true),
    ])
    func wildcards(pattern: String, text: String, fits: Bool) {
        #expect(Wildcard(pattern).matches(text) == fits)
    }

    @Test(arguments: [
        ("ecr:PutImage", "ecr:PutImage", true), ("ecr:putimage", "ecr:PutImage", true), ("ECR:Put*", "ecr:PutImage", true),
        ("ecr:*", "ecr-public:PutImage", false), ("*", "kms:Decrypt", true), ("ecr:Put?mage", "ecr:PutImage", true),
        ("ecr:Put", "ecr:PutImage", false),
    ])
    func actions(pattern: String, action: String, covers: Bool) throws {
        #expect(try #require(ActionPattern(pattern)).matches(action) == covers)
    }

    @Test(arguments: ["", "PutImage", "e*r:PutImage", "ecr:", ":PutImage", "ecr:Put:Image"])
    func whatIsNoAction(text: String) {
        #expect(ActionPattern(text) == nil)
    }

    @Test(arguments: [
        (#""arn:aws:ecr:us-east-1:111122223333:repository/app""#, true), (#""arn:aws:ecr:*:*:repository/*""#, true),
        (#""arn:aws:ecr:us-east-1:111122223333:repository/a?p""#, true), (#""arn:aws:ecr:us-east-1:111122223333:repository/App""#, false),
        (#""arn:aws:ecr:us-*:111122223333:*""#, true), (#""arn:aws:ecr:*""#, true), (#""arn:aws:ecr:us-east-1:*""#, true),
        (#""arn:aws:ecr:eu-west-1:*""#, false), (#""arn:aws:ecr:us-east-1""#, nil), (#""arn:aws:*""#, nil), (#""arn:aws:ecr*""#, nil),
        (#""arn:aws:ecr:us-east-1:111122223333:""#, nil),
        // A wildcard does not reach over a colon, nor stand for the type of a resource.
        (#""arn:aws:ecr:us-east-1*:repository/app""#, nil), (#""arn:aws:ecr:*:repository/app:*""#, false),
        (#""arn:aws:ecr:us-east-1:111122223333:*/app""#, false),
        (#""arn:aws:ecr:us-east-1:111122223333:repo*""#, false), (#""arn:aws:ecr:us-east-1:111122223333:repositor?/app""#, false),
        (#""arn:aws:ecr:us-east-1:111122223333:**""#, true), (#""arn:*:ecr:us-east-?:11112222*:repository/*""#, true),
        (#""ARN:aws:ecr:us-east-1:111122223333:repository/app""#, nil), (#""arn:aws:ECR:us-east-1:111122223333:repository/app""#, false),
        (#""arn:aws:*:us-east-1:111122223333:repository/app""#, nil),
        (#"["arn:aws:ecr:eu-west-1:111122223333:*","*"]"#, true),
    ])
    func resources(resource: String, covers: Bool?) throws {
        guard let covers else {
            #expect(throws: MalformedPolicy.self) { try policy(statement("Allow", on: resource)) }
            return
        }
        #expect(decide(request(), [try policy(statement("Allow", on: resource))]).isAllowed == covers)
    }

    @Test(arguments: [
        ("arn:aws:s3:::bucket*", "arn:aws:s3:::bucket-1/key/of:object", true), ("arn:aws:s3:::*/key", "arn:aws:s3:::bucket/key", true),
        ("arn:aws:sqs:us-east-1:111122223333:queue*", "arn:aws:sqs:us-east-1:111122223333:queue-1", true),
        ("arn:aws:iam::111122223333:user/*", "arn:aws:iam::111122223333:user/division/ci", true),
        ("arn:aws:iam::111122223333:u*", "arn:aws:iam::111122223333:user/ci", false),
        ("arn:aws:logs:us-east-1:111122223333:log-group:*", "arn:aws:logs:us-east-1:111122223333:log-group:app:*", true),
    ])
    func resourcesOfOtherServices(pattern: String, resource: String, covers: Bool) throws {
        let asked = EvaluatedRequest(
            principal: user, action: "any:Action", resource: ARN(resource), resourceAccount: Literals.home, context: ConditionContext())
        #expect(decide(asked, [try policy(statement("Allow", on: "\"\(pattern)\""))]).isAllowed == covers)
    }

    @Test func anActionWithoutResourceNeedsStar() throws {
        let login = EvaluatedRequest(
            principal: user, action: "ecr:GetAuthorizationToken", resource: nil, resourceAccount: Literals.home, context: ConditionContext())
        #expect(decide(login, [try policy(statement("Allow"))]).isAllowed)
        #expect(!decide(login, [try policy(statement("Allow", on: #""arn:aws:ecr:*:*:repository/*""#))]).isAllowed)
    }

    @Test func notActionAndNotResourceInvert() throws {
        let text = #"{"Effect":"Allow","NotAction":"ecr:Delete*","NotResource":"arn:aws:ecr:*:*:repository/secret*"}"#
        #expect(decide(request(), [try policy(text)]).isAllowed)
        #expect(!decide(request("ecr:DeleteRepository"), [try policy(text)]).isAllowed)
    }
}

func request(_ action: String) -> EvaluatedRequest { request(by: user, action) }
