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
    /// The registry that the host or the token names; nil: the public one whose alias the path begins with.
    package let registry: RegistryID?

    package init(
        method: HTTPRequest.Method, path: String, query: String?, headers: HTTPFields, body: AnyAsyncSequence<ByteBuffer>, contentLength: Int64?,
        context: RequestContext, registry: RegistryID?
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

/// Why the body of a request could not be read to its end; reading `DistributionRequest.body` throws it.
package enum BodyError: Error, Hashable, Sendable {
    /// The client went away, or what it sent is no body.
    case brokenOff
    /// The client sent so little for so long that it was given up.
    case tooSlow
}
