import Foundation
import Stores

extension Account {
    /// Registers the issuer with this URL, `https://…`. Throws `invalidOIDCProviderURL`, `oidcProviderExists`, `quotaExceeded`, and
    /// what tags may not be.
    package func createOIDCProvider(
        _ url: String, clientIDs: [String] = [], thumbprints: [String] = [], tags: [IAMTag] = []
    ) async throws -> OIDCProvider {
        let (account, address) = (id, try Self.address(ofIssuer: url))
        return try await database.write { transaction in
            let provider = OIDCProvider(
                account: account, url: address, clientIDs: Set(clientIDs).sorted(), thumbprints: thumbprints, createdAt: transaction.now)
            try provider.checkLimits()
            do {
                try transaction.savepoint { try OIDCProviderRecords.insert(provider, transaction) }
            } catch DatabaseError.uniqueViolation {
                throw IdentityError.oidcProviderExists(url: url)
            }
            guard try OIDCProviderRecords.arns(in: account, transaction).count <= OIDCProvider.limit else {
                throw IdentityError.quotaExceeded(.oidcProvidersPerAccount, limit: OIDCProvider.limit)
            }
            try transaction.addTags(tags, to: provider.arn.description)
            try AuthorizationChanges.advance(transaction)
            return provider
        }
    }

    /// Deletes a provider; roles that trust it go on naming it. One that is not there is gone already. Throws `invalidOIDCProviderARN`.
    package func deleteOIDCProvider(_ arn: String) async throws {
        do {
            try await changeOIDCProvider(arn) { provider, transaction in
                try TagRecords.deleteAll(of: provider.arn.description, transaction)
                try OIDCProviderRecords.delete(provider, transaction)
            }
        } catch IdentityError.oidcProviderNotFound {
            return
        }
    }

    /// Accepts one more audience; one that is accepted already stays so. Throws `oidcProviderNotFound`, `quotaExceeded`.
    package func addClientID(_ clientID: String, toOIDCProvider arn: String) async throws {
        try await changeOIDCProvider(arn) { provider, transaction in
            provider.clientIDs = Set(provider.clientIDs + [clientID]).sorted()
            try OIDCProviderRecords.update(provider, transaction)
        }
    }

    /// Accepts an audience no longer. Throws `oidcProviderNotFound`.
    package func removeClientID(_ clientID: String, fromOIDCProvider arn: String) async throws {
        try await changeOIDCProvider(arn) { provider, transaction in
            provider.clientIDs.removeAll { $0 == clientID }
            try OIDCProviderRecords.update(provider, transaction)
        }
    }

    /// Replaces the thumbprints. Throws `oidcProviderNotFound`, `quotaExceeded`.
    package func setThumbprints(_ thumbprints: [String], ofOIDCProvider arn: String) async throws {
        try await changeOIDCProvider(arn) { provider, transaction in
            provider.thumbprints = thumbprints
            try OIDCProviderRecords.update(provider, transaction)
        }
    }

    /// Adds tags, or replaces their values. Throws `oidcProviderNotFound`, and what tags may not be.
    package func addTags(_ tags: [IAMTag], toOIDCProvider arn: String) async throws {
        try await changeOIDCProvider(arn) { provider, transaction in try transaction.addTags(tags, to: provider.arn.description) }
    }

    /// Takes tags away by key; one that is not there is gone already. Throws `oidcProviderNotFound`.
    package func removeTags(_ keys: [String], fromOIDCProvider arn: String) async throws {
        try await changeOIDCProvider(arn) { provider, transaction in
            for key in keys { try TagRecords.delete(key, of: provider.arn.description, transaction) }
        }
    }

    private func changeOIDCProvider(
        _ arn: String, _ change: @escaping @Sendable (inout OIDCProvider, any WriteTransaction) throws -> Void
    ) async throws {
        let account = id
        try await database.write { transaction in
            var provider = try transaction.oidcProvider(arn, in: account)
            try change(&provider, transaction)
            try provider.checkLimits()
            try AuthorizationChanges.advance(transaction)
        }
    }

    /// Host and path of an issuer's URL. A port may stand in it, unlike at AWS: issuers of closed networks have one.
    private static func address(ofIssuer url: String) throws -> String {
        guard url.hasPrefix("https://"), let parsed = URL(string: url), let host = parsed.host(), !host.isEmpty, parsed.query() == nil,
            parsed.fragment() == nil, parsed.user() == nil, !url.contains(where: \.isWhitespace)
        else { throw IdentityError.invalidOIDCProviderURL(url) }
        return String(url.dropFirst("https://".count))
    }
}

extension OIDCProvider {
    fileprivate func checkLimits() throws {
        guard clientIDs.count <= Self.clientIDLimit else { throw IdentityError.quotaExceeded(.clientIDsPerProvider, limit: Self.clientIDLimit) }
        guard thumbprints.count <= Self.thumbprintLimit else {
            throw IdentityError.quotaExceeded(.thumbprintsPerProvider, limit: Self.thumbprintLimit)
        }
    }
}
