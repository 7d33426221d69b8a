import AWSCore
import IAM
import Stores

/// Proves by its signature who makes an AWS call.
struct AWSAuthentication: Sendable {
    let backends: Backends
    let verifier: SigV4Verifier
    /// The public name of the server, where proxies before it put another into the Host header.
    let origin: Origin?

    /// Who signed `request` for `service`. Throws `SignatureError`, or what the look-up throws.
    func caller(of claim: SignatureClaim, _ request: SignableRequest, service: String) async throws -> Caller {
        do {
            return try await verified(claim, request, service)
        } catch SignatureError.mismatch(let text) {
            guard let origin, request.headers.first?.value != origin.authority else { throw SignatureError.mismatch(text) }
            let headers = [("Host", origin.authority)] + request.headers.dropFirst()
            let renamed = SignableRequest(
                method: request.method, path: request.path, query: request.query, headers: headers, body: request.body)
            return try await verified(claim, renamed, service)
        }
    }

    private func verified(_ claim: SignatureClaim, _ request: SignableRequest, _ service: String) async throws -> Caller {
        var account: AccountID?
        let now = backends.clock.now.milliseconds
        let signature = try await verifier.verify(claim, of: request, service: service, now: now) { id, _ in
            guard let key = try await backends.accessKey(id), key.isActive else { return .unknown }
            account = key.account
            return .secret(key.secret)
        }
        guard let account else { throw SignatureError.unrecognizedCredential }
        return .root(of: account, accessKeyID: signature.accessKeyID, region: signature.region)
    }
}
