/// Why a request's signature is refused: one case for each error that AWS has (`identity.md` section 1).
package enum SignatureError: Error, Hashable, Sendable {
    /// Nothing is signed.
    case missing
    /// A part of the signature is missing, malformed or there twice; the text names each.
    case incomplete(String)
    /// Unknown or inactive access key, or a session token that is missing, foreign or out of place: deliberately not told apart.
    case unrecognizedCredential
    /// The session of a temporary credential is over.
    case expiredSession
    /// The signature is not the one of this request; the text says more where that gives nothing away.
    case mismatch(String)
    /// Signed too long ago or ahead of time; the text names the moments.
    case skew(String)
    /// Signed for another region or service.
    case scope(String)

    static let differs = SignatureError.mismatch(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. "
            + "Consult the service documentation for details.")

    /// The protocols, whose error codes differ.
    package enum Dialect: Sendable {
        /// awsJson (ECR, KMS).
        case json
        /// Query and XML (IAM, STS).
        case query
    }

    /// The error that a client of `dialect` expects.
    package func error(in dialect: Dialect) -> AWSError {
        switch self {
        case .missing:
            error(
                "MissingAuthenticationToken", dialect == .json ? "Missing Authentication Token" : "Request is missing Authentication Token", dialect)
        case .incomplete(let text): error("IncompleteSignature", text, dialect, status: 400)
        case .unrecognizedCredential:
            AWSError(
                dialect == .json ? "UnrecognizedClientException" : "InvalidClientTokenId",
                "The security token included in the request is invalid.", status: dialect == .json ? 400 : 403)
        case .expiredSession: error("ExpiredToken", "The security token included in the request is expired", dialect)
        case .mismatch(let text), .skew(let text), .scope(let text):
            AWSError(dialect == .json ? "InvalidSignatureException" : "SignatureDoesNotMatch", text, status: dialect == .json ? 400 : 403)
        }
    }

    private func error(_ code: String, _ message: String, _ dialect: Dialect, status: Int = 403) -> AWSError {
        switch dialect {
        case .json: AWSError(code + "Exception", message)
        case .query: AWSError(code, message, status: status)
        }
    }
}
