import AWSCore
import Foundation
import Testing

@Suite("The Query protocol") struct AWSQueryTests {
    private let query = AWSQuery(namespace: "https://iam.amazonaws.com/doc/2010-05-08/")

    private func form(_ text: String) throws(AWSError) -> QueryForm { try QueryForm(text.utf8) }

    @Test("Values, blanks as plus or percent, and what is absent") func values() throws {
        let form = try form("Action=ListUsers&Path=%2Fa+b%20c%2F&Empty=&Flag&x=1%2B1&u=%C3%A9")
        #expect(form.text("Action") == "ListUsers")
        #expect(form.text("Path") == "/a b c/")
        #expect(form.text("Empty") == "")
        #expect(form.text("Flag") == "")
        #expect(form.text("x") == "1+1")
        #expect(form.text("u") == "é")
        #expect(form.text("Other") == nil)
        #expect(try QueryForm([]).text("Action") == nil)
        #expect(try self.form("Tags.member.1.Key=k").text("Tags") == nil)
    }

    @Test("A parameter twice, or bytes that are no text", arguments: ["a=1&a=2", "a=%FF", "%C3=1", String(repeating: "a.", count: 100_000)])
    func malformed(_ text: String) {
        #expect(throws: AWSError("MalformedQueryString", "The query string contains a syntax error.", status: 404)) { try form(text) }
    }

    private struct User: Encodable {
        let userName: String
        let path: String?
        let tags: QueryList<Tag>
        let none: QueryList<String>
        let counts: QueryMap<Int>
        let document: PercentEncodedText
    }

    private struct Tag: Encodable {
        let key: String
        let value: String
    }

    @Test("An answer in its envelope, text escaped, absent members left out") func answer() throws {
        let user = User(
            userName: "a<&>\"é", path: nil, tags: QueryList([Tag(key: "k", value: "v"), Tag(key: "l", value: "")]), none: QueryList([]),
            counts: QueryMap(["b": 2, "a": 1]), document: PercentEncodedText("{\"a\": \"*\"}"))
        let response = try query.response(user, action: "GetUser", requestID: "id")
        #expect(response.status == 200)
        #expect(response.headers.map { "\($0.name): \($0.value)" } == ["Content-Type: text/xml", "x-amzn-RequestId: id"])
        #expect(
            String(decoding: response.body, as: UTF8.self)
                == #"<GetUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetUserResult><UserName>a&lt;&amp;&gt;&quot;é</UserName>"#
                + "<Tags><member><Key>k</Key><Value>v</Value></member><member><Key>l</Key><Value></Value></member></Tags><None />"
                + "<Counts><entry><key>a</key><value>1</value></entry><entry><key>b</key><value>2</value></entry></Counts>"
                + "<Document>%7B%22a%22%3A%20%22%2A%22%7D</Document></GetUserResult>"
                + "<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></GetUserResponse>")
    }

    @Test("An answer without output has no result element") func noOutput() throws {
        let response = try query.response(NoOutput(), action: "TagUser", requestID: "id")
        #expect(
            String(decoding: response.body, as: UTF8.self)
                == #"<TagUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata><RequestId>id</RequestId>"#
                + "</ResponseMetadata></TagUserResponse>")
    }

    @Test("An error, whose text may quote anything") func error() {
        let response = query.response(AWSError("InvalidAction", "No <X>\u{1}& version", status: 400), requestID: "id")
        #expect(response.status == 400)
        #expect(
            String(decoding: response.body, as: UTF8.self)
                == #"<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>InvalidAction</Code>"#
                + "<Message>No &lt;X&gt; &amp; version</Message></Error><RequestId>id</RequestId></ErrorResponse>")
        let fault = query.response(AWSError("ServiceFailure", status: 500), requestID: "id")
        #expect(String(decoding: fault.body, as: UTF8.self).contains("<Type>Receiver</Type><Code>ServiceFailure</Code></Error>"))
    }
}
