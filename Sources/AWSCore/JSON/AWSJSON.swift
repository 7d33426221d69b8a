import Foundation

// How an operation of a JSON dialect is written against this file:
//
//     struct DescribeThings: Decodable {              // member names are the model's
//         let registryId: AccountID?                  // optional member: Optional
//         let names: Bounded.List<1, 100, ThingName>? // ThingName: ConstrainedText
//         let maxResults: Bounded.Integer<1, 1000>?   // constraints of the model are types
//     }
//     struct Things: JSONObject {                     // written by hand: 8 times faster than JSONEncoder
//         func members(_ json: inout JSONWriter) {
//             json.member("things", things)           // [some JSONValue]; nil members are left out
//         }
//     }
//     let input: DescribeThings = try AWSJSON.decode(body)    // throws InputFault
//     return AWSJSON.response(Things(…), requestID: id)       // or AWSJSON.response(AWSError(…), requestID: id)

/// The protocol awsJson 1.1: POST of an object, `X-Amz-Target` names the operation.
///
/// Source: Smithy 2.0, "AWS JSON 1.1 protocol".
package enum AWSJSON {
    /// Of requests and answers.
    package static let contentType = "application/x-amz-json-1.1"

    /// The input that `body` writes; an empty body is an empty object. Unknown members are ignored, null is absent,
    /// `Data` is base64. `isCapitalized` says that the members' names begin with a capital letter on the wire, which maps' keys keep.
    /// Throws nothing but `InputFault`.
    package static func decode<Input: Decodable>(_ body: [UInt8], isCapitalized: Bool = false) throws(InputFault) -> Input {
        do {
            let decoder = JSONDecoder()
            if isCapitalized { decoder.keyDecodingStrategy = .custom { LowercasedName(of: $0.last) } }
            return try decoder.decode(Input.self, from: body.isEmpty ? Data("{}".utf8) : Data(body))
        } catch let violation as ConstraintViolation {
            throw .refused(violation)
        } catch DecodingError.keyNotFound(let key, _) {
            throw .refused(ConstraintViolation(member: key.stringValue, reason: "Member must not be null"))
        } catch DecodingError.valueNotFound(_, let context) where !context.codingPath.isEmpty {
            throw .refused(ConstraintViolation(member: ConstraintViolation.member(of: context.codingPath), reason: "Member must not be null"))
        } catch {
            throw .malformed
        }
    }

    /// The answer of an operation that went well.
    package static func response(_ output: some JSONObject, requestID: String) -> AWSResponse {
        var json = JSONWriter()
        json.value(output)
        return AWSResponse(status: 200, headers: headers(requestID), body: json.bytes)
    }

    /// The answer of one that failed.
    package static func response(_ error: AWSError, requestID: String) -> AWSResponse {
        var json = JSONWriter()
        json.object { json in
            json.member("__type", error.code)
            json.member("message", error.message)
            for detail in error.details {
                switch detail {
                case .text(let name, let value): json.member(name, value)
                case .integer(let name, let value): json.member(name, value)
                }
            }
        }
        return AWSResponse(status: error.status, headers: headers(requestID) + [("x-amzn-ErrorType", error.code)], body: json.bytes)
    }

    private static func headers(_ requestID: String) -> [(name: String, value: String)] {
        [("Content-Type", contentType), ("x-amzn-RequestId", requestID)]
    }
}

/// A member's name with a small first letter, as Swift has it.
private struct LowercasedName: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(of key: (any CodingKey)?) {
        let name = key?.stringValue ?? ""
        stringValue = name.prefix(1).lowercased() + name.dropFirst()
        intValue = key?.intValue
    }

    init?(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init?(intValue: Int) {
        stringValue = String(intValue)
        self.intValue = intValue
    }
}

/// Why a request's body is no input of its operation.
package enum InputFault: Error, Hashable, Sendable {
    /// Not JSON, or a JSON type that the member does not have: SerializationException.
    case malformed
    /// A required member is missing, or a value is refused: InvalidParameterException, ValidationException, by the service.
    case refused(ConstraintViolation)

    /// The error for a service whose refusals have the code `refusal`, ECR's sentence for message.
    package func error(refusal: String = "InvalidParameterException") -> AWSError {
        switch self {
        case .malformed: AWSError("SerializationException")
        case .refused(let violation): AWSError(refusal, violation.description)
        }
    }
}
