import AWSCore
import Stores

/// The SQL of OpenID Connect providers; their key sets are `RegisteredIssuers`' to write and read.
enum OIDCProviderRecords {
    /// The provider of this ARN; nil when there is none.
    static func find(_ arn: String, _ transaction: any ReadTransaction) throws -> OIDCProvider? {
        let found = try transaction.first("SELECT account, created_at FROM oidc_providers WHERE arn = \(arn)") { row in
            (account: row.text(0), createdAt: row.timestamp(1))
        }
        guard let found else { return nil }
        guard let account = AccountID(found.account), let url = Account.url(ofOIDCProvider: arn) else {
            throw DatabaseError.other("oidc_providers row \(arn) holds an invalid account or ARN")
        }
        return OIDCProvider(
            account: account, url: url,
            clientIDs: try transaction.rows("SELECT client_id FROM oidc_client_ids WHERE provider = \(arn) ORDER BY client_id") { $0.text(0) },
            thumbprints: try transaction.rows("SELECT thumbprint FROM oidc_thumbprints WHERE provider = \(arn) ORDER BY position") { $0.text(0) },
            createdAt: found.createdAt)
    }

    /// The ARNs of all of an account, in order.
    static func arns(in account: AccountID, _ transaction: any ReadTransaction) throws -> [String] {
        try transaction.rows("SELECT arn FROM oidc_providers WHERE account = \(account.description) ORDER BY arn") { $0.text(0) }
    }

    /// Adds a provider. A URL that the account has is a unique violation.
    static func insert(_ provider: OIDCProvider, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO oidc_providers (arn, account, created_at)
            VALUES (\(provider.arn.description), \(provider.account.description), \(provider.createdAt))
            """)
        try writeLists(of: provider, transaction)
    }

    /// Replaces client ids and thumbprints.
    static func update(_ provider: OIDCProvider, _ transaction: any WriteTransaction) throws {
        try deleteLists(of: provider, transaction)
        try writeLists(of: provider, transaction)
    }

    static func delete(_ provider: OIDCProvider, _ transaction: any WriteTransaction) throws {
        try deleteLists(of: provider, transaction)
        try transaction.execute("DELETE FROM oidc_providers WHERE arn = \(provider.arn.description)")
    }

    private static func writeLists(of provider: OIDCProvider, _ transaction: any WriteTransaction) throws {
        let arn = provider.arn.description
        for clientID in provider.clientIDs {
            try transaction.execute("INSERT INTO oidc_client_ids (provider, client_id) VALUES (\(arn), \(clientID))")
        }
        for (position, thumbprint) in provider.thumbprints.enumerated() {
            try transaction.execute("INSERT INTO oidc_thumbprints (provider, position, thumbprint) VALUES (\(arn), \(position), \(thumbprint))")
        }
    }

    private static func deleteLists(of provider: OIDCProvider, _ transaction: any WriteTransaction) throws {
        try transaction.execute("DELETE FROM oidc_client_ids WHERE provider = \(provider.arn.description)")
        try transaction.execute("DELETE FROM oidc_thumbprints WHERE provider = \(provider.arn.description)")
    }
}
