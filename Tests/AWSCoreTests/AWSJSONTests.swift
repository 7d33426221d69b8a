import AWSCore
import Foundation
import Testing

private enum Colour: String, ConstrainedEnum { case red = "RED", green = "GREEN" }

private struct Name: ConstrainedText {
    static let constraint = "must satisfy regular expression '[a-z]+'"
    let text: String
    init?(_ text: String) {
        guard !text.isEmpty, text.allSatisfy({ $0.isLowercase }) else { return nil }
        self.text = text
    }
}

private struct Input: Decodable {
    struct Item: Decodable {
        let colour: Colour
        let name: Name?
    }
    let name: Name
    let size: Bounded.Integer<1, 1000>?
    let note: Bounded.Text<2, 5>?
    let items: Bounded.List<1, 2, Item>?
    let blob: Data?
}

@Suite("awsJson 1.1 requests") struct AWSJSONDecodingTests {
    private func decode(_ json: String) throws(InputFault) -> Input { try AWSJSON.decode(Array(json.utf8)) }

    @Test("Every kind of member") func members() throws {
        let input = try decode(
            #"{"name":"ab","size":1000,"note":"abc","items":[{"colour":"GREEN","name":null}],"blob":"AP8=","unknown":{"x":[1]}}"#)
        #expect(input.name.text == "ab")
        #expect(input.size?.value == 1000)
        #expect(input.note?.value == "abc")
        #expect(input.items?.values.first?.colour == .green)
        #expect(input.blob == Data([0, 255]))
    }

    @Test("Null is absent, an empty body an empty object") func absent() throws {
        struct Nothing: Decodable { let name: String? }
        #expect(try decode(#"{"name":"ab","size":null}"#).size == nil)
        let nothing: Nothing = try AWSJSON.decode([])
        #expect(nothing.name == nil)
    }

    @Test(
        "Not JSON, or of another JSON type",
        arguments: [
            "{", "[]", "\"x\"", "null", #"{"name":1}"#, #"{"name":"ab","size":"10"}"#, #"{"name":"ab","size":1.5}"#, #"{"name":"ab","items":{}}"#,
            #"{"name":"ab","blob":"?"}"#, #"{"name":"ab"} x"#, "{\"name\":\"\u{1}\"}", #"{"name":"ab","size":99999999999999999999}"#,
        ]) func malformed(_ json: String)
    {
        #expect(throws: InputFault.malformed) { try decode(json) }
        #expect(InputFault.malformed.error() == AWSError("SerializationException"))
    }

    @Test(
        "Constraints name the innermost member",
        arguments: [
            ("{}", "name", "Member must not be null"),
            (#"{"name":null}"#, "name", "Member must not be null"),
            (#"{"name":"A"}"#, "name", "must satisfy regular expression '[a-z]+'"),
            (#"{"name":"a","size":0}"#, "size", "Member must have value greater than or equal to 1"),
            (#"{"name":"a","size":1001}"#, "size", "Member must have value less than or equal to 1000"),
            (#"{"name":"a","note":"x"}"#, "note", "Member must have length greater than or equal to 2"),
            (#"{"name":"a","note":"abcdef"}"#, "note", "Member must have length less than or equal to 5"),
            (#"{"name":"a","items":[]}"#, "items", "Member must have length greater than or equal to 1"),
            (
                #"{"name":"a","items":[{"colour":"RED"},{"colour":"RED"},{"colour":"RED"}]}"#, "items",
                "Member must have length less than or equal to 2"
            ),
            (#"{"name":"a","items":[{"colour":"BLUE"}]}"#, "colour", "Member must satisfy enum value set: [RED, GREEN]"),
            (#"{"name":"a","items":[{"colour":"RED","name":"B"}]}"#, "name", "must satisfy regular expression '[a-z]+'"),
            (#"{"name":"a","items":[{}]}"#, "colour", "Member must not be null"),
        ]) func refused(_ json: String, _ member: String, _ reason: String)
    {
        let violation = ConstraintViolation(member: member, reason: reason)
        #expect(throws: InputFault.refused(violation)) { try decode(json) }
        #expect(
            InputFault.refused(violation).error()
                == AWSError("InvalidParameterException", "Invalid parameter at '\(member)' failed to satisfy constraint: '\(reason)'"))
    }

    @Test("An account is twelve digits", arguments: ["12345678901", "1234567890123", "12345678901x", "١٢٣٤٥٦"]) func account(_ text: String) {
        struct Registry: Decodable { let registryId: AccountID? }
        #expect(throws: InputFault.refused(ConstraintViolation(member: "registryId", reason: AccountID.constraint))) {
            let _: Registry = try AWSJSON.decode(Array(#"{"registryId":"\#(text)"}"#.utf8))
        }
    }
}

@Suite("awsJson 1.1 answers") struct AWSJSONAnswerTests {
    private struct Output: JSONObject {
        func members(_ json: inout JSONWriter) {
            json.member("uri", "localhost:5000/a/b")
            json.member("absent", String?.none)
            json.member("count", 3)
            json.member("big", Int64.max)
            json.member("on", true)
            json.member("createdAt", milliseconds: 1_700_000_000_050)
            json.member("whole", milliseconds: 1_700_000_000_000)
            json.member("never", milliseconds: nil)
            json.member("none", [String]())
            json.member("list", ["a", "b"])
            json.member("nested") { json in json.member("empty") { _ in } }
            json.member("map", ["k2": "v", "k1": "w"])
        }
    }

    private func text(_ response: AWSResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    @Test("Members in order, slashes as they are, absent ones left out") func output() {
        let response = AWSJSON.response(Output(), requestID: "id")
        #expect(response.status == 200)
        #expect(
            text(response)
                == #"{"uri":"localhost:5000/a/b","count":3,"big":9223372036854775807,"on":true,"createdAt":1700000000.050,"whole":1700000000,"#
                + #""none":[],"list":["a","b"],"nested":{"empty":{}},"map":{"k1":"w","k2":"v"}}"#)
        #expect(response.headers.map { "\($0.name): \($0.value)" } == ["Content-Type: application/x-amz-json-1.1", "x-amzn-RequestId: id"])
    }

    @Test("An error, with its own members") func error() {
        let error = AWSError(
            "InvalidLayerPartException", "no", details: [.text("uploadId", "u"), .integer("lastValidByteReceived", 7)])
        let response = AWSJSON.response(error, requestID: "id")
        #expect(response.status == 400)
        #expect(text(response) == #"{"__type":"InvalidLayerPartException","message":"no","uploadId":"u","lastValidByteReceived":7}"#)
        #expect(response.headers.contains { $0.name == "x-amzn-ErrorType" && $0.value == "InvalidLayerPartException" })
        #expect(text(AWSJSON.response(AWSError("ServerException", status: 500), requestID: "id")) == #"{"__type":"ServerException"}"#)
    }

    @Test("Any string comes back from Foundation's reader as it was") func strings() throws {
        var generator = SystemRandomNumberGenerator()
        let scalars = (0...0x7f).compactMap { Unicode.Scalar(UInt32($0)) } + ["é", "\u{2028}", "日", "𝄞", "\u{fffd}"]
        for _ in 0..<500 {
            var text = String.UnicodeScalarView()
            for _ in 0..<20 { text.append(scalars.randomElement(using: &generator) ?? " ") }
            var json = JSONWriter()
            json.value([String(text)])
            #expect(try JSONDecoder().decode([String].self, from: Data(json.bytes)) == [String(text)])
        }
    }
}
