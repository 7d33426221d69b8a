import IAM
import Testing

@Suite struct PolicyParsingTests {
    @Test(arguments: [
        "", "[]", "{}", #"{"Version":"2012-10-17"}"#, #"{"Version":"2012-10-17","Statement":[]}"#,
        #"{"Version":"2020-01-01","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
        #"{"Version":"2012-10-17","Statement":{"Effect":"Perhaps","Action":"*","Resource":"*"}}"#,
        #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Resource":"*"}}"#,
        #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*"}}"#,
        #"{"Version":"2012-10-17","Statement":{"effect":"Allow","Action":"*","Resource":"*"}}"#,
        #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","NotAction":"*","Resource":"*"}}"#,
        #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Extra":1}}"#,
        #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}}"#,
        #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}"#,
        #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"bucket"}}"#,
        #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringIs":{"a":"b"}}}}"#,
        #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NullIfExists":{"a":"true"}}}}"#,
        #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":{"a":1},"Resource":"*"}}"#,
        #"{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"A","Effect":"Deny","Action":"*","Resource":"*"}]}"#,
        #"{"Version":"2012-10-17","Statement":{"Sid":"not plain","Effect":"Allow","Action":"*","Resource":"*"}}"#,
        #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}} trailing"#,
    ])
    func malformedIdentityPoliciesAreRefused(text: String) {
        #expect(throws: MalformedPolicy.self) { try PolicyDocument(json: text, as: .identity) }
    }

    @Test(arguments: [
        #""Invalid""#, #"{"AWS":"arn:aws:iam::111122223333:user/*"}"#, #"{"AWS":"12345"}"#, #"{"AWS":[]}"#, #"{"Robot":"x"}"#, #"{}"#,
        #"{"AWS":"arn:aws:s3:::bucket"}"#, #"{"Service":"*"}"#,
    ])
    func whatIsNoPrincipal(principal: String) {
        #expect(throws: MalformedPolicy.self) { try policy(grant(to: principal), as: .resource) }
    }

    @Test func aRootArnIsItsAccount() throws {
        let byARN = try policy(grant(to: #"{"AWS":"arn:aws:iam::444455556666:root"}"#), as: .resource)
        let byID = try policy(grant(to: #"{"AWS":["444455556666"]}"#), as: .resource)
        #expect(byARN.statements[0].principals == byID.statements[0].principals)
    }

    @Test func repositoryPoliciesNeedNoResourceAndRegistryPoliciesDo() throws {
        #expect(try policy(grant(to: #""*""#), as: .resource).statements[0].resources == nil)
        #expect(throws: MalformedPolicy.self) { try policy(grant(to: #""*""#), as: .container) }
        #expect(throws: MalformedPolicy.self) { try policy(#"{"Effect":"Allow","Action":"ecr:*"}"#, as: .resource) }
    }
}
