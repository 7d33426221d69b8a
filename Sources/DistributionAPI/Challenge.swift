/// What `WWW-Authenticate` asks of a client without good credentials; the words are ECR's.
package enum Challenge {
    /// User and password at once, as at private registries. `origin` is the server's, as `http://host:port`.
    package static func basic(at origin: String) -> String { "Basic realm=\"\(origin)/\",service=\"ecr.amazonaws.com\"" }

    /// A token, which anybody gets, as at public registries.
    package static func bearer(at origin: String) -> String {
        let host = origin.firstRange(of: "://").map { origin[$0.upperBound...] } ?? origin[...]
        return "Bearer realm=\"\(origin)/token/\",service=\"\(host)\",scope=\"aws\""
    }
}
