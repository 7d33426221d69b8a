import AWSCore
import IAM
import Identity

/// Gives temporary credentials to somebody whom the calling user vouches for: no more rights than the user has, and of these
/// only what the session's policies allow too.
struct GetFederationToken: STSOperation {
    let name: FederatedUserName
    let policy: SessionPolicy?
    let policyArns: PolicyDescriptors?
    let durationSeconds: Bounded.Integer<900, 129_600>?
    let tags: TagList?

    func permissions(_ context: OperationContext) throws -> [Permission] {
        let asking = permission(on: Target(arn: federatedUser(context.caller.account)), tags: tags)
        let tagging = Permission("sts:TagSession", on: asking.resource, facts: asking.facts)
        return try tags.sessionTags().isEmpty ? [asking] : [asking, tagging]
    }

    func run(_ context: OperationContext) async throws -> Output {
        let caller = context.caller
        guard caller.session == nil else {
            throw AWSError("AccessDenied", "Cannot call GetFederationToken with session credentials", status: 403)
        }
        let agreement = try SessionAgreement(policy: policy, policyArns: policyArns, tags: tags.sessionTags())
        let asked = durationSeconds?.value ?? 43200
        var request = SessionRequest(
            origin: .federationToken, account: caller.account, principal: caller.principalID, name: name.value,
            lifetime: .seconds(caller.kind == .root ? min(asked, 3600) : asked))
        request.details = agreement.details
        return Output(
            credentials: CredentialsShape(try await context.identity.sessions.issue(request)),
            federatedUser: FederatedUser(
                federatedUserId: "\(caller.account):\(name.value)", arn: federatedUser(caller.account).description),
            packedPolicySize: agreement.packedPolicySize)
    }

    private func federatedUser(_ account: AccountID) -> ARN {
        ARN(service: "sts", region: "", account: account.description, resource: "federated-user/\(name.value)")
    }

    struct Output: Encodable, Sendable {
        let credentials: CredentialsShape
        let federatedUser: FederatedUser
        let packedPolicySize: Int?
    }

    struct FederatedUser: Encodable, Sendable {
        let federatedUserId: String
        let arn: String
    }
}
