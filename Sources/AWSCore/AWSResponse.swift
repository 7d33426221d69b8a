/// An answer of an AWS dialect, ready for the wire.
package struct AWSResponse: Sendable {
    /// The HTTP status.
    package let status: Int
    /// Names in their usual spelling; Content-Type and x-amzn-RequestId among them, Content-Length not.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    /// The IAM action that was asked for, for the log; nil when the request names no operation that there is.
    package var action: String?

    package init(status: Int, headers: [(name: String, value: String)], body: [UInt8], action: String? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.action = action
    }
}
