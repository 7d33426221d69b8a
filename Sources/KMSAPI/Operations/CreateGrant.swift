import AWSCore
import Identity
import KMS
import Stores

/// Lets a principal use a key, beside the key's policy.
struct CreateGrant: KMSOperation {
    let keyId: KeyID
    let granteePrincipal: PrincipalName?
    let retiringPrincipal: PrincipalName?
    let operations: [GrantOperation]
    let constraints: GrantConstraintsShape?
    let grantTokens: GrantTokens?
    let name: GrantName?
    let dryRun: Bool?
    let granteeServicePrincipal: ServicePrincipal?
    let retiringServicePrincipal: ServicePrincipal?

    func run(_ call: KMSCall) async throws -> Output {
        let request = try await grant(call)
        let use = KeyUse(call.action, granting: request.constraints, facts: facts(request))
        let found = try await call.found(keyId, for: use)
        try await call.access.require(use, of: found, call.request)
        try call.check(grantTokens)
        try call.stopIfDry(dryRun)
        let made = try await call.ring.createGrant(request, on: found.key, by: call.ring.account)
        return Output(grantToken: try call.ring.token(of: made), grantID: made.id)
    }

    private func grant(_ call: KMSCall) async throws -> GrantRequest {
        guard (granteePrincipal == nil) != (granteeServicePrincipal == nil) else {
            throw ConstraintViolation(member: "granteePrincipal", reason: "Exactly one of granteePrincipal and granteeServicePrincipal must be given")
        }
        guard retiringPrincipal == nil || retiringServicePrincipal == nil else {
            throw ConstraintViolation(member: "retiringPrincipal", reason: "Only one of retiringPrincipal and retiringServicePrincipal may be given")
        }
        guard !operations.isEmpty else {
            throw ConstraintViolation(member: "operations", reason: "Member must have length greater than or equal to 1")
        }
        if let foreign = operations.first(where: { !$0.isSymmetric }) {
            throw ConstraintViolation(member: "operations", reason: "Operation \(foreign.rawValue) is not one of a symmetric encryption key")
        }
        let constraints = try constraints?.checked() ?? GrantConstraints()
        if granteeServicePrincipal != nil, constraints.source == nil || (retiringPrincipal == nil && retiringServicePrincipal == nil) {
            throw ConstraintViolation(
                member: "granteeServicePrincipal", reason: "A service needs a SourceArn constraint and a retiring principal beside it")
        }
        let unique = operations.reduce(into: [GrantOperation]()) { if !$0.contains($1) { $0.append($1) } }
        return GrantRequest(
            name: name?.value, grantee: try await call.stored(granteePrincipal, granteeServicePrincipal) ?? "",
            retiree: try await call.stored(retiringPrincipal, retiringServicePrincipal), operations: unique.map(\.rawValue),
            constraints: constraints)
    }

    private func facts(_ request: GrantRequest) -> [String: [String]] {
        var facts = ["kms:GrantOperations": request.operations, "kms:GrantIsForAWSResource": ["false"]]
        facts["kms:GranteePrincipal"] = (granteePrincipal?.value ?? granteeServicePrincipal?.value).map { [$0] }
        facts["kms:RetiringPrincipal"] = (retiringPrincipal?.value ?? retiringServicePrincipal?.value).map { [$0] }
        let kinds = [("EncryptionContextEquals", request.constraints.equals != nil), ("EncryptionContextSubset", request.constraints.subset != nil)]
        let given = kinds.filter(\.1).map(\.0)
        facts["kms:GrantConstraintType"] = given.isEmpty ? nil : given
        return facts
    }

    struct Output: JSONObject {
        let grantToken: String
        let grantID: String

        func members(_ json: inout JSONWriter) {
            json.member("GrantToken", grantToken)
            json.member("GrantId", grantID)
        }
    }
}
