import Foundation
import HTTPTypes
import NIOCore
import OCI
import RegistryCore
import Stores

/// An answer of the OCI dialect.
package struct DistributionResponse: Sendable {
    /// What follows the head.
    package enum Body: Sendable {
        case none
        case bytes(ByteBuffer)
        /// These bytes of an open blob; the receiver closes it, sent or not.
        case blob(any OpenBlob, Range<Int64>)
    }

    package var status: HTTPResponse.Status
    /// Content-Length among them always, also of an answer to HEAD, whose body is `none`.
    package var headers: HTTPFields
    package var body: Body
    /// The IAM action that was decided on, for the log; nil when the request got no further than its path.
    package var action: String?
    /// True of what may have to be refused at any time without a commit: what lies under a key of a key management service.
    var isRevocable = false
    /// The blob that goes out with it; nil when only a part of it does.
    var layer: LayerPlace?
    /// The image that goes out with it, for the times of pulls.
    var pulled: ImageKey?

    package init(status: HTTPResponse.Status, headers: HTTPFields = [:], body: Body = .none, action: String? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.action = action
    }
}

extension DistributionResponse {
    /// An answer without content.
    static func empty(_ status: HTTPResponse.Status, _ headers: HTTPFields = [:]) -> DistributionResponse {
        DistributionResponse(status: status, headers: headers)
    }

    /// An answer of JSON, of the type `application/json` unless said otherwise.
    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, type: String = "application/json", headers: HTTPFields = [:]
    ) throws -> DistributionResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        var headers = headers
        headers[.contentType] = type
        return DistributionResponse(status: status, headers: headers, body: .bytes(ByteBuffer(bytes: try encoder.encode(value))))
    }

    /// The same answer as it leaves: with the headers that every answer has and, to HEAD, without its content.
    func finished(for method: HTTPRequest.Method) -> DistributionResponse {
        var response = self
        response.headers[.dockerDistributionAPIVersion] = "registry/2.0"
        response.headers[.xContentTypeOptions] = "nosniff"
        switch body {
        // RFC 9110 §8.6 and §15.4.5: 204 has no length, and that of 304 would be another representation's.
        case .none where status == .noContent || status == .notModified: break
        case .none: response.headers[.contentLength] = headers[.contentLength] ?? "0"
        case .bytes(let bytes): response.headers[.contentLength] = String(bytes.readableBytes)
        case .blob(_, let range): response.headers[.contentLength] = String(range.count)
        }
        if method == .head, case .bytes = body { response.body = .none }
        return response
    }
}
