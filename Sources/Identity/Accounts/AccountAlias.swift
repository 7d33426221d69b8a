import AWSCore
import Stores

extension Account {
    /// The account's alias; nil when it has none.
    package func alias() async throws -> String? {
        let id = id
        return try await database.read { try AccountAliasRecords.find(of: id, $0) }
    }

    /// Gives the account an alias, or another one. Throws `aliasExists` for one that is any account's already.
    package func setAlias(_ alias: String) async throws {
        let id = id
        try await database.write { transaction in
            guard try AccountAliasRecords.find(of: id, transaction) != alias else { throw IdentityError.aliasExists(alias) }
            do {
                try transaction.savepoint { try AccountAliasRecords.put(alias, to: id, transaction) }
            } catch DatabaseError.uniqueViolation {
                throw IdentityError.aliasExists(alias)
            }
        }
    }

    /// Throws `aliasNotFound` for an alias that is not this account's.
    package func deleteAlias(_ alias: String) async throws {
        let id = id
        try await database.write { transaction in
            guard try AccountAliasRecords.delete(alias, of: id, transaction) > 0 else { throw IdentityError.aliasNotFound(alias) }
        }
    }
}

/// The SQL of the aliases of accounts.
private enum AccountAliasRecords {
    static func find(of account: AccountID, _ transaction: any ReadTransaction) throws -> String? {
        try transaction.first("SELECT alias FROM account_aliases WHERE account = \(account.description)") { $0.text(0) }
    }

    static func put(_ alias: String, to account: AccountID, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO account_aliases (alias, account) VALUES (\(alias), \(account.description))
            ON CONFLICT (account) DO UPDATE SET alias = excluded.alias
            """)
    }

    static func delete(_ alias: String, of account: AccountID, _ transaction: any WriteTransaction) throws -> Int {
        try transaction.execute("DELETE FROM account_aliases WHERE alias = \(alias) AND account = \(account.description)")
    }
}
