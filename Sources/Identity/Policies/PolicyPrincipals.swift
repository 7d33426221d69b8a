import AWSCore
import IAM
import Stores

/// A policy names a principal that is not there.
package struct UnknownPrincipal: Error, Hashable {
    package let name: String
}

/// The users, roles and accounts that resource policies name: by ARN where people write and read them, by unique id where they are stored,
/// so that a deleted principal does not hand its rights to a new one of the same name.
package struct PolicyPrincipals: Sendable {
    let database: any Database

    package init(database: any Database) { self.database = database }

    /// True of the ARN of a user or role that is there.
    package func exists(_ arn: String) async throws -> Bool { try await database.read { try Principals.uniqueID(ofARN: arn, $0) } != nil }

    /// The text of `policy` as it is to be stored. Throws `UnknownPrincipal`.
    package func store(_ text: String, _ policy: PolicyDocument) async throws -> String {
        let names = policy.principalNames
        let ids = try await database.read { transaction in
            var ids: [String: String] = [:]
            for name in names { ids[name] = try transaction.storedPrincipal(name) }
            return ids
        }
        return try PolicyLayout(of: text).replacingPrincipals { ids[$0] }
    }

    /// What is stored for one principal, a user, a role, a role's session, a federated user or an account by its ARN. Throws `UnknownPrincipal`.
    package func store(_ arn: String) async throws -> String {
        guard let parsed = ARN(arn), parsed.service == "iam" || parsed.service == "sts" else { throw UnknownPrincipal(name: arn) }
        let isRoot = parsed.resource == "root"
        let stored = try await database.read { try $0.storedPrincipal(isRoot ? parsed.account : arn) }
        return isRoot ? parsed.account : stored ?? arn
    }

    /// The ARN of a stored principal. Who is gone keeps the unique id for name.
    package func show(principal stored: String) async throws -> String {
        if AccountID(stored) != nil { return "arn:aws:iam::\(stored):root" }
        return try await database.read { try $0.principalARN(stored) } ?? stored
    }

    /// A stored policy's text as its owner is to read it. Who is gone keeps the unique id for name.
    package func show(_ stored: String, as kind: PolicyKind = .resource) async throws -> String {
        let names = try PolicyDocument(json: stored, as: kind).principalNames
        let arns = try await database.read { transaction in
            var arns: [String: String] = [:]
            for name in names { arns[name] = try transaction.principalARN(name) }
            return arns
        }
        return try PolicyLayout(of: stored).replacingPrincipals { arns[$0] }
    }
}

extension ReadTransaction {
    /// What is stored for a principal's name: a unique id, with the name of the session for a role's session; nil for what stays as it is,
    /// accounts and federated users. Throws `UnknownPrincipal` for one that is not there.
    func storedPrincipal(_ name: String) throws -> String? {
        if let account = AccountID(name) ?? ARN(name).flatMap({ AccountID($0.account) }), try !Principals.exists(account, self) {
            throw UnknownPrincipal(name: name)
        }
        guard let arn = ARN(name) else {
            if AccountID(name) == nil, try principalARN(name) == nil { throw UnknownPrincipal(name: name) }
            return nil
        }
        let parts = arn.resource.split(separator: "/").map(String.init)
        switch (arn.service, parts.first) {
        case ("sts", "federated-user") where parts.count == 2: return nil
        case ("sts", "assumed-role") where parts.count == 3:
            guard let account = AccountID(arn.account), let role = try EntityRecords.find(.role, named: parts[1], in: account, self) else { break }
            return "\(role.id):\(parts[2])"
        default:
            if let id = try Principals.uniqueID(ofARN: name, self) { return id }
        }
        throw UnknownPrincipal(name: name)
    }

    /// The ARN of a user, a role or a role's session by its stored name; nil for what is shown as it is.
    func principalARN(_ stored: String) throws -> String? {
        let parts = stored.split(separator: ":", maxSplits: 1)
        guard let entity = try EntityRecords.find(id: String(parts[0]), self), entity.kind != .group else { return nil }
        return parts.count == 2 ? "arn:aws:sts::\(entity.account):assumed-role/\(entity.name)/\(parts[1])" : entity.arn.description
    }
}
