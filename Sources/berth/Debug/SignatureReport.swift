import AWSCore

/// What the server makes of a signed request: the steps to compare with a client's, and the verdict.
struct SignatureReport {
    let text: String
    /// True when the server would accept the signature.
    let isAccepted: Bool

    /// Checks `request` as the service of `service` (nil: the one its scope names) would at `now`, in milliseconds since 1970,
    /// knowing this one key. Without `sessionToken`, any token that comes with a temporary key is taken for its own.
    init(of request: SignableRequest, accessKeyID: String, secret: String, sessionToken: String?, service: String?, now: Int64) async {
        var lines: [String] = []
        var isAccepted = false
        do {
            let claim = try SignatureClaim(of: request)
            if let trace = SignatureTrace(of: claim, in: request) {
                lines += ["Canonical request:", trace.canonicalRequest, "", "String to sign:", trace.stringToSign, ""]
                lines += ["Signature of the request: \(claim.signature)", "Signature of this key:    \(trace.signature(by: secret, claim))", ""]
            } else {
                lines += ["A header that SignedHeaders names did not arrive, so there is no canonical request.", ""]
            }
            _ = try await SigV4Verifier().verify(claim, of: request, service: service ?? claim.service, now: now) { id, token in
                guard id == accessKeyID, sessionToken == nil || token == sessionToken else { return .unknown }
                return .secret(secret)
            }
            isAccepted = true
            lines.append("Verdict: accepted")
        } catch let error as SignatureError {
            let refusal = error.error(in: .query)
            lines.append("Verdict: refused, \(refusal.code): \(refusal.message ?? "")")
        } catch {
            lines.append("Verdict: refused, \(error)")
        }
        text = lines.joined(separator: "\n")
        self.isAccepted = isAccepted
    }
}
