import IAM
import Testing

@Suite struct PolicyLayoutTests {
    private func places(_ text: String) -> [String] {
        PolicyLayout(of: text).statements.map { "\($0.start.line):\($0.start.column)-\($0.end.line):\($0.end.column)" }
    }

    /// The places that AWS's own documentation and recorded answers of its simulator name for these texts.
    @Test func statementsLieWhereAWSSaysSo() {
        let single = """
            {
              "Version":"2012-10-17",
              "Statement":{
                "Effect":"Allow",
                "Action":"s3:PutObject",
                "Resource":"arn:aws:s3:::my-test-bucket"
              }
            }
            """
        #expect(places(single) == ["3:16-7:4"])
        let list = """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": "*",
                  "Resource": "*"
                }
              ]
            }
            """
        #expect(places(list) == ["3:17-8:6"])
        #expect(places(#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny"}]}"#) == ["1:38-1:55"])
    }

    @Test func everyStatementIsFoundAndNothingElseIs() {
        let text = #"{"Statement":[{"Statement":{"a":1},"b":"}\"{"},{"Sid":"é"}, {"x":[{"Statement":{}}]}],"Id":"Statement"}"#
        #expect(places(text) == ["1:15-1:47", "1:47-1:59", "1:59-1:85"])
        #expect(places("") == [])
        #expect(places("[{]") == [])
    }

    @Test func principalsAreReplacedWhereTheyStand() throws {
        let text = #"""
            {"Id":"arn:aws:iam::1:user/a", "Statement" : [{"Principal":{"AWS":["arn:aws:iam::1:user/a","\u002a"],"Service":"arn:aws:iam::1:user/a"}},
             {"NotPrincipal":{"AWS":"arn:aws:iam::1:user/a"},"Resource":"arn:aws:iam::1:user/a"}, {"Principal":"*"}]}
            """#
        let replaced = try PolicyLayout(of: text).replacingPrincipals { $0 == "arn:aws:iam::1:user/a" ? "AIDA1" : $0 == "*" ? "everyone" : nil }
        #expect(
            replaced == #"""
                {"Id":"arn:aws:iam::1:user/a", "Statement" : [{"Principal":{"AWS":["AIDA1","everyone"],"Service":"arn:aws:iam::1:user/a"}},
                 {"NotPrincipal":{"AWS":"AIDA1"},"Resource":"arn:aws:iam::1:user/a"}, {"Principal":"*"}]}
                """#)
        #expect(try PolicyLayout(of: text).replacingPrincipals { _ in nil } == text)
    }
}
