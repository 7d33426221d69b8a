import AWSCore
import Stores

/// The data were made for one account, and the configuration names another.
package struct OtherAccount: Error, Hashable, CustomStringConvertible {
    package let recorded: AccountID
    package let configured: AccountID

    package var description: String {
        "The data belong to account \(recorded), and the configuration says account \(configured). "
            + "Start with --account \(recorded), or with another data folder."
    }
}

/// The accounts of the installation.
package struct Accounts: Sendable {
    let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// The installation's default account, once it was established; nil before.
    package func recorded() async throws -> AccountID? {
        try await database.read { try AccountRecords.findDefault($0) }
    }

    /// Makes a further account; false when it is there.
    package func create(_ account: AccountID) async throws -> Bool {
        try await database.write { transaction in
            guard try !AccountRecords.exists(account, transaction) else { return false }
            try AccountRecords.insert(account, transaction)
            return true
        }
    }

    /// True of an account of this installation.
    package func exists(_ account: AccountID) async throws -> Bool {
        try await database.read { try AccountRecords.exists(account, $0) }
    }

    /// All accounts, by id.
    package func all() async throws -> [AccountID] {
        try await database.read { try AccountRecords.all($0) }
    }

    /// An id of chance, like AWS's: twelve digits, the first no zero. That it is free is seen by `create`.
    package func unusedID(_ ids: any IDSource) -> AccountID {
        let chance = ids.randomBytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return AccountID(String(100_000_000_000 + chance % 900_000_000_000)) ?? .zeros
    }

    /// Records `account` as the installation's default account, the first time; later only makes sure that it is.
    /// Throws `OtherAccount`.
    package func establish(_ account: AccountID) async throws {
        try await database.write { transaction in
            guard let recorded = try AccountRecords.findDefault(transaction) else {
                return try AccountRecords.insertDefault(account, transaction)
            }
            guard recorded == account else { throw OtherAccount(recorded: recorded, configured: account) }
        }
    }
}

extension Account {
    /// When the account was made.
    package func createdAt() async throws -> Timestamp {
        let id = id
        return try await database.read { try AccountRecords.createdAt(id, $0) } ?? services.clock.now
    }
}
