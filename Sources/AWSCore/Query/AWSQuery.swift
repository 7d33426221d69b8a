import Foundation
import XMLCoder

/// The Query protocol of IAM and STS: parameters in a form, answers in XML.
///
/// Source: Smithy 2.0, "AWS query protocol".
package struct AWSQuery: Sendable {
    /// The namespace of the service's answers, `https://sts.amazonaws.com/doc/2011-06-15/`.
    let namespace: String

    package init(namespace: String) { self.namespace = namespace }

    /// The answer of an action that went well: `output`'s properties, as members with a capital first letter, inside the
    /// action's envelope; `NoOutput` is left out.
    package func response(_ output: some Encodable & Sendable, action: String, requestID: String) throws -> AWSResponse {
        let envelope = Envelope(action: action, output: output, requestID: requestID)
        return try respond(envelope, root: "\(action)Response", status: 200, requestID: requestID)
    }

    /// The answer of one that failed.
    package func response(_ error: AWSError, requestID: String) -> AWSResponse {
        // The text may quote the client, and control characters have no form in XML at all.
        let message = error.message.map { String($0.unicodeScalars.map { $0.value < 0x20 ? " " : Character($0) }) }
        let detail = ErrorDetail(type: error.status < 500 ? "Sender" : "Receiver", code: error.code, message: message)
        do {
            return try respond(
                ErrorEnvelope(error: detail, requestId: requestID), root: "ErrorResponse", status: error.status, requestID: requestID)
        } catch {
            return AWSResponse(status: 500, headers: headers(requestID), body: [])
        }
    }

    private func respond(_ value: some Encodable, root: String, status: Int, requestID: String) throws -> AWSResponse {
        let encoder = XMLEncoder()
        encoder.keyEncodingStrategy = .custom { path in
            guard let key = path.last, !(key is any VerbatimKey) else { return path.last ?? ElementName(stringValue: "") }
            return ElementName(stringValue: key.stringValue.withCapitalFirstLetter)
        }
        let body = try encoder.encode(value, withRootKey: root, rootAttributes: ["xmlns": namespace])
        return AWSResponse(status: status, headers: headers(requestID), body: Array(body))
    }

    private func headers(_ requestID: String) -> [(name: String, value: String)] {
        [("Content-Type", "text/xml"), ("x-amzn-RequestId", requestID)]
    }
}

/// The output of an operation that tells nothing.
package struct NoOutput: Encodable, Sendable {
    package init() {}
}

/// A list of the Query protocol: each element a `<member>`; an empty one is an empty element.
package struct QueryList<Element: Encodable & Sendable>: Encodable, Sendable {
    package let member: [Element]

    package init(_ member: [Element]) { self.member = member }

    private enum CodingKeys: String, VerbatimKey {
        case member
    }
}

/// A map of the Query protocol, by ascending key: each pair an `<entry>`.
package struct QueryMap<Value: Encodable & Sendable>: Encodable, Sendable {
    private let entry: [Entry]

    package init(_ values: [String: Value]) {
        entry = values.sorted { $0.key < $1.key }.map { Entry(key: $0.key, value: $0.value) }
    }

    private enum CodingKeys: String, VerbatimKey {
        case entry
    }

    private struct Entry: Encodable, Sendable {
        let key: String
        let value: Value

        enum CodingKeys: String, VerbatimKey {
            case key, value
        }
    }
}

/// A document as an answer holds it: percent-encoded, all but `A-Za-z0-9-._~` (RFC 3986).
package struct PercentEncodedText: Encodable, Sendable {
    private let text: String

    package init(_ text: String) { self.text = text }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(PercentEncoding.encode(text))
    }
}

/// A key that is an element's name as it stands, small first letter and all.
private protocol VerbatimKey: CodingKey {}

private struct ElementName: VerbatimKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

private struct Envelope<Output: Encodable>: Encodable {
    let action: String
    let output: Output
    let requestID: String

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: ElementName.self)
        if !(output is NoOutput) { try container.encode(output, forKey: ElementName(stringValue: "\(action)Result")) }
        try container.encode(["RequestId": requestID], forKey: ElementName(stringValue: "ResponseMetadata"))
    }
}

private struct ErrorEnvelope: Encodable {
    let error: ErrorDetail
    let requestId: String
}

private struct ErrorDetail: Encodable {
    let type: String
    let code: String
    let message: String?
}
