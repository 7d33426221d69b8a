/// A failure as a client of an AWS protocol sees it; the dialects turn it into JSON or XML.
package struct AWSError: Error, Hashable, Sendable {
    /// The shape's name, such as `RepositoryNotFoundException`.
    package let code: String
    /// The sentence for people; nil where AWS sends none.
    package let message: String?
    /// The HTTP status: 400 for what the client can mend.
    package let status: Int
    /// Members of the shape besides the message; only the JSON protocol has them.
    package let details: [Detail]

    /// One more member of an error's shape.
    package enum Detail: Hashable, Sendable {
        case text(String, String)
        case integer(String, Int64)
    }

    package init(_ code: String, _ message: String? = nil, status: Int = 400, details: [Detail] = []) {
        self.code = code
        self.message = message
        self.status = status
        self.details = details
    }
}
