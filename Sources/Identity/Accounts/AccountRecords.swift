import AWSCore
import Stores

/// The SQL of accounts.
enum AccountRecords {
    /// The installation's default account; nil in a new database.
    static func findDefault(_ transaction: any ReadTransaction) throws -> AccountID? {
        try transaction.first("SELECT id FROM accounts WHERE is_default = 1") { AccountID($0.text(0)) } ?? nil
    }

    /// When the account was made; nil when there is none.
    static func createdAt(_ account: AccountID, _ transaction: any ReadTransaction) throws -> Timestamp? {
        try transaction.first("SELECT created_at FROM accounts WHERE id = \(account.description)") { $0.timestamp(0) }
    }

    static func exists(_ account: AccountID, _ transaction: any ReadTransaction) throws -> Bool {
        try transaction.first("SELECT id FROM accounts WHERE id = \(account.description)") { $0.text(0) } != nil
    }

    static func all(_ transaction: any ReadTransaction) throws -> [AccountID] {
        try transaction.rows("SELECT id FROM accounts ORDER BY id") { AccountID($0.text(0)) }.compactMap { $0 }
    }

    static func insert(_ account: AccountID, _ transaction: any WriteTransaction) throws {
        try transaction.execute("INSERT INTO accounts (id, is_default, created_at) VALUES (\(account.description), 0, \(transaction.now))")
    }

    static func insertDefault(_ account: AccountID, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            "INSERT INTO accounts (id, is_default, created_at) VALUES (\(account.description), 1, \(transaction.now))")
    }
}
