import AWSCore
import IAM
import Identity

/// Who asks in a simulation, and what the server would set of it in the conditions of a real request.
struct SimulatedCaller: Sendable {
    let account: AccountID
    let principal: RequestPrincipal
    let facts: [String: [String]]

    /// Some user of `account` of whom nothing is known.
    init(unknownIn account: AccountID) {
        self.account = account
        principal = RequestPrincipal(kind: .user, account: account, arn: "arn:aws:iam::\(account):user/", userID: "")
        facts = [:]
    }

    /// A user, group or role of this installation, or of none. Throws `InvalidInput` for any other ARN.
    init(_ text: String, _ identity: IdentityServices) async throws {
        guard let arn = ARN(text), arn.service == "iam", let account = AccountID(arn.account),
            let kind = Entity.Kind(rawValue: String(arn.resource.prefix { $0 != "/" })),
            let name = arn.resource.split(separator: "/").last.map(String.init)
        else { throw IdentityError.invalidEntityARN(text) }
        let known: PolicySources?
        do {
            known = try await identity.account(account).policySources(of: text)
        } catch IdentityError.entityNotFound {
            known = nil
        }
        let session = "arn:aws:sts::\(account):assumed-role/\(name)/simulation"
        let id = known?.entity.id ?? ""
        self.account = account
        principal = RequestPrincipal(
            kind: kind == .role ? .role(roleARN: text) : .user, account: account, arn: kind == .role ? session : text,
            userID: kind == .role ? "\(id):simulation" : id)
        var facts = [
            "aws:PrincipalArn": [text], "aws:PrincipalAccount": [account.description], "aws:PrincipalType": [kind == .role ? "AssumedRole" : "User"],
        ]
        if kind == .user { facts["aws:username"] = [name] }
        if known != nil { facts["aws:userid"] = [principal.userID] }
        for tag in known?.tags ?? [] { facts["aws:PrincipalTag/\(tag.key)"] = [tag.value] }
        self.facts = facts
    }
}
