import AWSCore
import Stores

extension Account {
    /// The provider of this ARN. Throws `invalidOIDCProviderARN` and `oidcProviderNotFound`.
    package func oidcProvider(_ arn: String) async throws -> OIDCProvider {
        let id = id
        return try await database.read { try $0.oidcProvider(arn, in: id) }
    }

    /// The provider of this ARN, as policies see it; nil when the text is no ARN.
    package func target(oidcProvider text: String) async throws -> Target? {
        guard let arn = ARN(text) else { return nil }
        return Target(arn: arn, tags: try await database.read { try TagRecords.list(of: text, $0) })
    }

    /// All providers of the account, by URL.
    package func oidcProviders() async throws -> [OIDCProvider] {
        let id = id
        return try await database.read { transaction in
            try OIDCProviderRecords.arns(in: id, transaction).compactMap { try OIDCProviderRecords.find($0, transaction) }
        }
    }

    /// The tags of a provider, by key. Throws `invalidOIDCProviderARN` and `oidcProviderNotFound`.
    package func tags(ofOIDCProvider arn: String) async throws -> [IAMTag] {
        let id = id
        return try await database.read { transaction in
            try TagRecords.list(of: transaction.oidcProvider(arn, in: id).arn.description, transaction)
        }
    }
}

extension ReadTransaction {
    /// The provider of this ARN. Throws `invalidOIDCProviderARN` and `oidcProviderNotFound`.
    func oidcProvider(_ arn: String, in account: AccountID) throws -> OIDCProvider {
        guard Account.url(ofOIDCProvider: arn) != nil else { throw IdentityError.invalidOIDCProviderARN(arn) }
        guard let found = try OIDCProviderRecords.find(arn, self), found.account == account else {
            throw IdentityError.oidcProviderNotFound(arn: arn)
        }
        return found
    }
}
