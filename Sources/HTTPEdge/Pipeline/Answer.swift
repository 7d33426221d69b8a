import AWSCore
import DistributionAPI
import HTTPTypes
import NIOCore

/// What goes back to the client.
struct Answer: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields
    var body: DistributionResponse.Body
    /// The IAM action that was decided on.
    var action: String?

    init(_ status: HTTPResponse.Status, _ headers: HTTPFields = [:], body: DistributionResponse.Body = .none) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    init(_ response: DistributionResponse) {
        self.init(response.status, response.headers, body: response.body)
        action = response.action
    }

    init(_ response: AWSResponse) {
        self.init(HTTPResponse.Status(code: response.status), body: .bytes(ByteBuffer(bytes: response.body)))
        headers.reserveCapacity(response.headers.count + 3)
        for (name, value) in response.headers {
            if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
        }
        action = response.action
    }

    /// A sentence for people.
    static func text(_ status: HTTPResponse.Status, _ text: String) -> Answer {
        Answer(status, [.contentType: "text/plain; charset=utf-8"], body: .bytes(ByteBuffer(string: text)))
    }

    /// Where nothing is.
    static let nothingHere = text(.notFound, "Not found. AWS calls go to POST /, image registries are at /v2/.\n")

    /// Of something that can be read and nothing else.
    static func readOnly(_ text: String) -> Answer {
        var answer = Answer.text(.methodNotAllowed, text)
        answer.headers[.allow] = "GET, HEAD"
        return answer
    }

    /// Adds what every answer has, and says so when the connection cannot be used any further: the request was to be its last one, or was refused, and
    /// what it still has to send would be taken for the next one.
    mutating func complete(for exchange: Exchange, _ body: IncomingBody) {
        headers[.date] = HTTPDate.now
        if !headers.contains(.amznRequestID) { headers[.amznRequestID] = exchange.requestID }
        if !headers.contains(.contentLength), let length = contentLength { headers[.contentLength] = String(length) }
        guard !exchange.isMultiplexed else { return }
        if body.leavesConnectionUnusable || exchange.head.headerFields[.connection] == "close" { headers[.connection] = "close" }
    }

    private var contentLength: Int64? {
        switch body {
        case .none: status.code == 204 || status.code == 304 ? nil : 0
        case .bytes(let bytes): Int64(bytes.readableBytes)
        case .blob(_, let range): Int64(range.count)
        }
    }
}

extension HTTPField.Name {
    static let amznRequestID = named("x-amzn-RequestId")
}
