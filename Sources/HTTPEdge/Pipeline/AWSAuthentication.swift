import AWSCore
import IAM
import Stores

/// Proves by its signature who makes an AWS call.
struct AWSAuthentication: Sendable {
    let backends: Backends
    let verifier: SigV4Verifier
    /// Of the services without regions, which are signed for us-east-1 wherever they are.
    let globalVerifier: SigV4Verifier
    /// The public name of the server, where proxies before it put another into the Host header.
    let origin: Origin?

    /// Who signed `request` for the service of this signing name; IAM, STS and ECR Public are global ones. Throws `SignatureError`, or what the look-up throws.
    func caller(of claim: SignatureClaim, _ request: SignableRequest, service: String, isGlobal: Bool = false) async throws -> Caller {
        let verifier = isGlobal ? globalVerifier : verifier
        do {
            return try await verified(claim, request, service, verifier)
        } catch SignatureError.mismatch(let text) {
            guard let origin, request.headers.first?.value != origin.authority else { throw SignatureError.mismatch(text) }
            let headers = [("Host", origin.authority)] + request.headers.dropFirst()
            let renamed = SignableRequest(
                method: request.method, path: request.path, query: request.query, headers: headers, body: request.body)
            return try await verified(claim, renamed, service, verifier)
        }
    }

    private func verified(
        _ claim: SignatureClaim, _ request: SignableRequest, _ service: String, _ verifier: SigV4Verifier
    ) async throws -> Caller {
        var caller: Caller?
        let now = backends.clock.now.milliseconds
        _ = try await verifier.verify(claim, of: request, service: service, now: now) { id, token in
            guard let region = claim.region else { return .unknown }
            switch try await backends.signer(id, token, region) {
            case .known(let secret, let signer):
                caller = signer
                return .secret(secret)
            case .expired: return .expired
            case .unknown: return .unknown
            }
        }
        guard let caller else { throw SignatureError.unrecognizedCredential }
        backends.noteUse(caller, service)
        return caller
    }
}
