import AWSCore
import IAM
import Identity

/// Gives temporary credentials with the caller's own rights, except that they are of no use with IAM and little with STS.
struct GetSessionToken: STSOperation {
    let durationSeconds: Bounded.Integer<900, 129_600>?
    let serialNumber: SerialNumber?
    let tokenCode: TokenCode?

    /// None: who may ask may have all of it anyway.
    func permissions(_ context: OperationContext) -> [Permission] { [] }

    func run(_ context: OperationContext) async throws -> Output {
        let caller = context.caller
        guard caller.session == nil else {
            throw AWSError("AccessDenied", "Cannot call GetSessionToken with session credentials", status: 403)
        }
        // No caller has a device, so no code can be right.
        guard serialNumber == nil, tokenCode == nil else { throw AWSError.wrongCode }
        let asked = durationSeconds?.value ?? 43200
        // Root's sessions last an hour, whatever is asked.
        let request = SessionRequest(
            origin: .sessionToken, account: caller.account, principal: caller.principalID, name: nil,
            lifetime: .seconds(caller.kind == .root ? min(asked, 3600) : asked))
        return Output(credentials: CredentialsShape(try await context.identity.sessions.issue(request)))
    }

    struct Output: Encodable, Sendable {
        let credentials: CredentialsShape
    }
}
