import AWSCore
import Stores

/// Whose managed policies a list is to have.
package enum PolicyScope: Sendable {
    case all, aws, local
}

/// What a managed policy is used as.
package enum PolicyUsage: Sendable {
    case permissions, boundary
}

/// A policy in a list, with its use.
package struct ListedPolicy: Sendable {
    package let policy: ManagedPolicy
    package let use: PolicyUse
}

extension Account {
    /// Up to `limit` policies: the account's own by name, then AWS's by name; those only whose path begins with `pathPrefix` and, if
    /// asked, that are used. `cursor` comes from the page before.
    package func policies(
        _ scope: PolicyScope, pathPrefix: String = "/", usedOnly: Bool = false, usage: PolicyUsage? = nil, after cursor: String?, limit: Int
    ) async throws -> Page<ListedPolicy, String> {
        let id = id
        let found = try await database.read { transaction in
            var found: [ListedPolicy] = []
            var cursor = PolicyCursor(cursor)
            // A filter may leave out any number, so pages are read until one is full.
            while found.count <= limit {
                let batch = try transaction.policies(scope, of: id, pathPrefix: pathPrefix, after: cursor, limit: limit + 1)
                for policy in batch {
                    let listed = ListedPolicy(policy: policy, use: try transaction.use(of: policy.arn, in: id))
                    if listed.isUsed(usedOnly: usedOnly, as: usage) { found.append(listed) }
                }
                guard let last = batch.last else { break }
                cursor = PolicyCursor(after: last)
            }
            return found
        }
        return Page(found, limit: limit) { PolicyCursor(after: $0.policy).text }
    }
}

extension ListedPolicy {
    fileprivate func isUsed(usedOnly: Bool, as usage: PolicyUsage?) -> Bool {
        switch usage {
        case nil: !usedOnly || use.attachments > 0
        case .permissions: use.attachments > 0
        case .boundary: use.boundaries > 0
        }
    }
}

/// A place in the list of policies: behind a name of the account's own, or of AWS's.
private struct PolicyCursor {
    let isInAWS: Bool
    /// In lower case.
    let name: String

    init(after policy: ManagedPolicy) {
        isInAWS = policy.isOfAWS
        name = policy.name.lowercased()
    }

    init(_ text: String?) {
        isInAWS = text?.hasPrefix("aws ") ?? false
        name = text.map { String($0.split(separator: " ").last ?? "") } ?? ""
    }

    var text: String { (isInAWS ? "aws " : "own ") + name }
}

extension ReadTransaction {
    fileprivate func policies(
        _ scope: PolicyScope, of account: AccountID, pathPrefix: String, after cursor: PolicyCursor, limit: Int
    ) throws -> [ManagedPolicy] {
        var found: [ManagedPolicy] = []
        if scope != .aws, !cursor.isInAWS {
            found = try PolicyRecords.list(in: account, pathPrefix: pathPrefix, after: cursor.name, limit: limit, self)
        }
        guard scope != .local, found.count < limit else { return found }
        let name = cursor.isInAWS ? cursor.name : ""
        let rest = AWSManagedPolicies.all.filter { $0.path.hasPrefix(pathPrefix) && $0.name.lowercased() > name }
            .sorted { $0.name.lowercased() < $1.name.lowercased() }
        return found + rest.prefix(limit - found.count).map { ManagedPolicy($0) }
    }
}
