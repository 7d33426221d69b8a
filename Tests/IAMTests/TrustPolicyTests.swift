import IAM
import Testing

@Suite struct TrustPolicyTests {
    @Test(arguments: [
        (#""Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole","Resource":"*""#, "Has prohibited field Resource"),
        (#""Action":"sts:AssumeRole""#, "Missing required field Principal"),
        (#""Principal":{"Service":"a.amazonaws.com"},"Action":"ecr:PutImage""#, "AssumeRole policy may only specify STS AssumeRole actions."),
        (#""Principal":{"Service":"a.amazonaws.com"},"Action":["sts:AssumeRole","*"]"#, "AssumeRole policy may only specify STS AssumeRole actions."),
        (#""Principal":{"AWS":"arn:aws:iam::*:root"},"Action":"sts:AssumeRole""#, #"Invalid principal in policy: "AWS":"arn:aws:iam::*:root""#),
        (#""Principal":{"Service":"*"},"Action":"sts:AssumeRole""#, #"Invalid principal in policy: "SERVICE":"*""#),
        (
            #""Sid":"a b","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole""#,
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
        ),
    ])
    func whatIsWrong(members: String, sentence: String) {
        #expect(throws: MalformedPolicy(sentence)) { try policy(#"{"Effect":"Allow",\#(members)}"#, as: .trust) }
    }

    @Test func statementIDsAreUnique() {
        let text = #"{"Sid":"A","Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}"#
        #expect(throws: MalformedPolicy("Statement IDs (SID) in a single policy must be unique.")) { try policy(text, text, as: .trust) }
    }
}
