import AWSCore
import IAM
import Stores

/// Looks up principals by what their credentials say of them.
enum PrincipalRecords {
    /// The user or root of a long-lived key; nil when it is gone.
    static func find(_ id: String, account: AccountID, _ transaction: any ReadTransaction) throws -> ProvenPrincipal? {
        if id == account.description { return .root(of: account) }
        guard let user = try entity(id, .user, account, transaction) else { return nil }
        return ProvenPrincipal(
            kind: .user(name: user.name), account: account, arn: user.arn.description, userID: id, session: nil, tags: try tags(id, transaction))
    }

    /// The principal of a session; nil when its role or user, or its details, are gone.
    static func find(_ session: Session, _ transaction: any ReadTransaction) throws -> ProvenPrincipal? {
        guard let account = AccountID(session.account), let details = try details(of: session, transaction) else { return nil }
        let facts = SessionFacts(session, details)
        switch session.origin {
        case .assumeRole, .webIdentity:
            guard let role = try entity(session.principal, .role, account, transaction), let name = session.name else { return nil }
            // Session tags lie above the role's; keys are the same in any case of letters.
            let own = Set(details.tags.keys.map { $0.lowercased() })
            let tags = try tags(session.principal, transaction).filter { !own.contains($0.key.lowercased()) }
            return ProvenPrincipal(
                kind: .role(arn: role.arn.description), account: account,
                arn: "arn:aws:sts::\(account):assumed-role/\(role.name)/\(name)", userID: "\(session.principal):\(name)", session: facts,
                tags: tags.merging(details.tags) { $1 })
        case .sessionToken:
            guard let user = try find(session.principal, account: account, transaction) else { return nil }
            return ProvenPrincipal(kind: user.kind, account: account, arn: user.arn, userID: user.userID, session: facts, tags: user.tags)
        case .federationToken:
            guard try find(session.principal, account: account, transaction) != nil, let name = session.name else { return nil }
            return ProvenPrincipal(
                kind: .federatedUser, account: account, arn: "arn:aws:sts::\(account):federated-user/\(name)", userID: "\(account):\(name)",
                session: facts, tags: details.tags)
        }
    }

    /// The unique id of the user, role or root with this ARN; nil when there is none.
    static func id(of arn: ARN, _ transaction: any ReadTransaction) throws -> String? {
        guard arn.service == "iam" else { return nil }
        if arn.resource == "root" {
            return try transaction.first("SELECT id FROM accounts WHERE id = \(arn.account)") { $0.text(0) }
        }
        let parts = arn.resource.split(separator: "/")
        guard parts.count >= 2, let kind = parts.first.flatMap({ Entity.Kind(rawValue: String($0)) }), let name = parts.last,
            let account = AccountID(arn.account)
        else { return nil }
        let found = try EntityRecords.find(kind, named: String(name), in: account, transaction)
        return found?.arn == arn ? found?.id : nil
    }

    private static func details(of session: Session, _ transaction: any ReadTransaction) throws -> SessionDetails? {
        switch session.details {
        case .inline(let details): details
        case .stored(let hash): try SessionDetailRecords.find(hash, transaction)
        }
    }

    private static func entity(
        _ id: String, _ kind: Entity.Kind, _ account: AccountID, _ transaction: any ReadTransaction
    ) throws -> Entity? {
        guard let entity = try EntityRecords.find(id: id, transaction), entity.kind == kind, entity.account == account else { return nil }
        return entity
    }

    private static func tags(_ id: String, _ transaction: any ReadTransaction) throws -> [String: String] {
        Dictionary(try TagRecords.list(of: id, transaction).map { ($0.key, $0.value) }) { $1 }
    }
}
