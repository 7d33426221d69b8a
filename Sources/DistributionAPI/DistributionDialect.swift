import HTTPTypes
import IAM
import NIOCore
import RegistryCore
import Stores

/// A request of the OCI dialect, authenticated, its body not read yet.
package struct DistributionRequest: Sendable {
    package let method: HTTPRequest.Method
    /// As sent, percent-encoded, without the query: `/v2/…`.
    package let path: String
    /// As sent, percent-encoded, without `?`.
    package let query: String?
    package let headers: HTTPFields
    /// Reading it begins the transfer: `100 Continue` is sent at the first read, so authorization comes first.
    package let body: AnyAsyncSequence<ByteBuffer>
    /// The body's length in bytes, where the client says it.
    package let contentLength: Int64?
    package let context: RequestContext
    /// The registry that the host or the token names.
    package let registry: RegistryID

    package init(
        method: HTTPRequest.Method, path: String, query: String?, headers: HTTPFields, body: AnyAsyncSequence<ByteBuffer>, contentLength: Int64?,
        context: RequestContext, registry: RegistryID
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.contentLength = contentLength
        self.context = context
        self.registry = registry
    }
}

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

    package init(status: HTTPResponse.Status, headers: HTTPFields = [:], body: Body = .none, action: String? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.action = action
    }
}

/// The OCI Distribution API, `/v2/…`.
package struct DistributionDialect: Sendable {
    let services: RegistryServices

    package init(services: RegistryServices) { self.services = services }

    /// Answers one request; whatever goes wrong becomes an answer too.
    package func respond(to request: DistributionRequest) async -> DistributionResponse { fatalError("stub") }
}
