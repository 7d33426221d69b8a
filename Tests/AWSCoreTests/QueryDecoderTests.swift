import AWSCore
import Testing

@Suite("Inputs of the Query protocol") struct QueryDecoderTests {
    private struct Input: Decodable, Equatable {
        let userName: Bounded.Text<1, 8>
        let maxItems: Bounded.Integer<1, 1000>?
        let setAsDefault: Bool?
        let status: Status?
        let names: [String]?
        let tags: Bounded.List<0, 2, Tag>?
        let policy: Policy?

        static func == (left: Input, right: Input) -> Bool { String(describing: left) == String(describing: right) }
    }

    private enum Status: String, ConstrainedEnum {
        case active = "Active"
        case inactive = "Inactive"
    }

    private struct Tag: Decodable, Sendable {
        let key: Bounded.Text<1, 4>
        let value: String
    }

    private struct Policy: Decodable {
        let arn: String
    }

    private func decode(_ form: String) throws -> Input { try QueryDecoder.decode(QueryForm(form.utf8)) }

    @Test("Every kind of member") func members() throws {
        let input = try decode(
            "UserName=ann&MaxItems=7&SetAsDefault=true&Status=Inactive&Names.member.10=j&Names.member.2=b&Names.member.1=a&Names.member.x=no"
                + "&Tags.member.2.Key=k2&Tags.member.2.Value=&Tags.member.1.Value=v1&Tags.member.1.Key=k1&Policy.arn=a&Unknown=1")
        #expect(input.userName.value == "ann")
        #expect(input.maxItems?.value == 7)
        #expect(input.setAsDefault == true)
        #expect(input.status == .inactive)
        #expect(input.names == ["a", "b", "j"])
        #expect(input.tags?.values.map(\.key.value) == ["k1", "k2"])
        #expect(input.tags?.values.map(\.value) == ["v1", ""])
        #expect(input.policy?.arn == "a")
    }

    @Test("What may be absent, and the empty list") func absent() throws {
        let input = try decode("UserName=ann&Tags=&Names=")
        #expect(input.maxItems == nil && input.setAsDefault == nil && input.status == nil && input.policy == nil)
        #expect(input.tags?.values.count == 0)
        #expect(input.names == [])
    }

    @Test(
        "Refusals quote the value and name the member by its path",
        arguments: [
            ("", "Value null at 'userName' failed to satisfy constraint: Member must not be null"),
            ("UserName=", "Value '' at 'userName' failed to satisfy constraint: Member must have length greater than or equal to 1"),
            (
                "UserName=123456789",
                "Value '123456789' at 'userName' failed to satisfy constraint: Member must have length less than or equal to 8"
            ),
            ("UserName=a&MaxItems=0", "Value '0' at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1"),
            ("UserName=a&Status=On", "Value 'On' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive]"),
            (
                "UserName=a&Tags.member.1.Key=k&Tags.member.1.Value=v&Tags.member.2.Key=12345&Tags.member.2.Value=v",
                "Value '12345' at 'tags.2.member.key' failed to satisfy constraint: Member must have length less than or equal to 4"
            ),
            ("UserName=a&Tags.member.1.Key=k", "Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be null"),
            (
                "UserName=a&Tags.member.1.Key=a&Tags.member.1.Value=&Tags.member.2.Key=b&Tags.member.2.Value=&Tags.member.3.Key=c&Tags.member.3.Value=",
                "Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 2"
            ),
        ])
    func refused(_ form: String, _ sentence: String) {
        #expect(throws: AWSError("ValidationError", "1 validation error detected: \(sentence)")) { try decode(form) }
    }

    @Test(
        "Values of another type",
        arguments: [
            ("UserName=a&MaxItems=x", "maxItems"), ("UserName=a&MaxItems=1.5", "maxItems"), ("UserName=a&SetAsDefault=yes", "setAsDefault"),
            ("UserName=a&Tags=x", "tags"), ("UserName=a&Tags.member.1=x", "tags.1.member"), ("UserName.member.1=a", "userName"),
            ("UserName=a&Policy=x", "policy"),
        ])
    func malformed(_ form: String, _ member: String) {
        let error = #expect(throws: AWSError.self) { try decode(form) }
        #expect(error?.code == "MalformedInput")
        #expect(error?.message?.hasPrefix("The value at '\(member)' is not ") == true)
    }
}
