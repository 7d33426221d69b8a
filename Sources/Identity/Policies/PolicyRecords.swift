import AWSCore
import Stores

/// The SQL of managed policies and their versions.
enum PolicyRecords {
    private static let columns: SQL = "id, arn, name, path, description, default_version, last_version, created_at, updated_at"

    /// The policy of this ARN; nil when there is none.
    static func find(_ arn: String, _ transaction: any ReadTransaction) throws -> ManagedPolicy? {
        try transaction.first("SELECT \(sql: columns) FROM policies WHERE arn = \(arn)", policy)
    }

    /// Up to `limit` policies of an account whose names come after `name` in lower case, those only whose path begins with `prefix`.
    static func list(
        in account: AccountID, pathPrefix prefix: String, after name: String, limit: Int, _ transaction: any ReadTransaction
    ) throws -> [ManagedPolicy] {
        try transaction.rows(
            """
            SELECT \(sql: columns) FROM policies
            WHERE account = \(account.description) AND name_key > \(name) AND substr(path, 1, \(prefix.utf8.count)) = \(prefix)
            ORDER BY name_key LIMIT \(limit)
            """, policy)
    }

    /// The document that holds; nil when the account has no such policy.
    static func currentDocument(of arn: String, account: AccountID, _ transaction: any ReadTransaction) throws -> String? {
        try transaction.first(
            """
            SELECT v.document FROM policies p JOIN policy_versions v ON v.policy_id = p.id AND v.version = p.default_version
            WHERE p.arn = \(arn) AND p.account = \(account.description)
            """
        ) { $0.text(0) }
    }

    /// Adds a policy. A name that is taken in any case of letters is a unique violation.
    static func insert(_ policy: ManagedPolicy, account: AccountID, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO policies (id, account, arn, name, name_key, path, description, default_version, last_version, created_at, updated_at)
            VALUES (\(policy.id), \(account.description), \(policy.arn), \(policy.name), \(policy.name.lowercased()), \(policy.path),
                \(optional: policy.description), \(policy.defaultVersion), \(policy.lastVersion), \(policy.createdAt), \(policy.updatedAt))
            """)
    }

    static func update(id: String, defaultVersion: Int, lastVersion: Int, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            """
            UPDATE policies SET default_version = \(defaultVersion), last_version = \(lastVersion), updated_at = \(transaction.now)
            WHERE id = \(id)
            """)
    }

    static func delete(id: String, _ transaction: any WriteTransaction) throws {
        try transaction.execute("DELETE FROM policies WHERE id = \(id)")
    }

    static func count(in account: AccountID, _ transaction: any ReadTransaction) throws -> (policies: Int, versions: Int) {
        let policies = try transaction.first("SELECT COUNT(*) FROM policies WHERE account = \(account.description)") { $0.integer(0) }
        let versions = try transaction.first(
            "SELECT COUNT(*) FROM policies p JOIN policy_versions v ON v.policy_id = p.id WHERE p.account = \(account.description)"
        ) { $0.integer(0) }
        return (Int(policies ?? 0), Int(versions ?? 0))
    }

    private static func policy(_ row: any Row) -> ManagedPolicy {
        ManagedPolicy(
            id: row.text(0), arn: row.text(1), name: row.text(2), path: row.text(3), description: row.optionalText(4),
            defaultVersion: Int(row.integer(5)), lastVersion: Int(row.integer(6)), createdAt: row.timestamp(7), updatedAt: row.timestamp(8))
    }
}

/// The SQL of the versions of managed policies.
enum PolicyVersionRecords {
    /// The versions of a policy, newest first.
    static func list(of policy: ManagedPolicy, _ transaction: any ReadTransaction) throws -> [PolicyVersion] {
        try transaction.rows(
            "SELECT version, document, created_at FROM policy_versions WHERE policy_id = \(policy.id) ORDER BY version DESC"
        ) { row in
            let number = Int(row.integer(0))
            return PolicyVersion(
                number: number, document: row.text(1), isDefault: number == policy.defaultVersion, createdAt: row.timestamp(2))
        }
    }

    static func insert(_ version: PolicyVersion, policy: String, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO policy_versions (policy_id, version, document, created_at)
            VALUES (\(policy), \(version.number), \(version.document), \(version.createdAt))
            """)
    }

    static func delete(_ number: Int, policy: String, _ transaction: any WriteTransaction) throws {
        try transaction.execute("DELETE FROM policy_versions WHERE policy_id = \(policy) AND version = \(number)")
    }
}
