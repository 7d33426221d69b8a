import Foundation
import XMLCoder

/// The Query protocol of IAM and STS: parameters in a form, answers in XML.
///
/// Source: Smithy 2.0, "AWS query protocol".
package struct AWSQuery: Sendable {
    /// The namespace of the service's answers, `https://sts.amazonaws.com/doc/2011-06-15/`.
    let namespace: String

    package init(namespace: String) { self.namespace = namespace }

    /// The answer of an action that went well: `output`'s members, named as in the model, inside the action's envelope.
    package func response(_ output: some Encodable & Sendable, action: String, requestID: String) throws -> AWSResponse {
        let envelope = Envelope(action: action, output: output, requestID: requestID)
        return try respond(envelope, root: "\(action)Response", status: 200, requestID: requestID)
    }

    /// The answer of one that failed.
    package func response(_ error: AWSError, requestID: String) -> AWSResponse {
        // The text may quote the client, and control characters have no form in XML at all.
        let message = error.message.map { String($0.unicodeScalars.map { $0.value < 0x20 ? " " : Character($0) }) }
        let detail = ErrorDetail(Type: error.status < 500 ? "Sender" : "Receiver", Code: error.code, Message: message)
        do {
            return try respond(
                ErrorEnvelope(Error: detail, RequestId: requestID), root: "ErrorResponse", status: error.status, requestID: requestID)
        } catch {
            return AWSResponse(status: 500, headers: headers(requestID), body: [])
        }
    }

    private func respond(_ value: some Encodable, root: String, status: Int, requestID: String) throws -> AWSResponse {
        let body = try XMLEncoder().encode(value, withRootKey: root, rootAttributes: ["xmlns": namespace])
        return AWSResponse(status: status, headers: headers(requestID), body: Array(body))
    }

    private func headers(_ requestID: String) -> [(name: String, value: String)] {
        [("Content-Type", "text/xml"), ("x-amzn-RequestId", requestID)]
    }
}

/// A list of the Query protocol: each element a `<member>`.
package struct QueryList<Element: Encodable & Sendable>: Encodable, Sendable {
    package let member: [Element]

    package init(_ member: [Element]) { self.member = member }
}

private struct Envelope<Output: Encodable>: Encodable {
    let action: String
    let output: Output
    let requestID: String

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(output, forKey: Key(stringValue: "\(action)Result"))
        try container.encode(["RequestId": requestID], forKey: Key(stringValue: "ResponseMetadata"))
    }
}

// Named as the elements are.
private struct ErrorEnvelope: Encodable {
    let Error: ErrorDetail
    let RequestId: String
}

private struct ErrorDetail: Encodable {
    let `Type`: String
    let Code: String
    let Message: String?
}
