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
