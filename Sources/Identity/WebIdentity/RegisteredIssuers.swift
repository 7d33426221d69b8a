import AWSCore
import Stores

extension Account {
    /// Gives a provider the keys that its tokens are checked with; nil: they are fetched. False when there is no such provider.
    package func setIssuerKeys(of provider: ARN, _ keySet: String?) async throws -> Bool {
        let (id, provider) = (id.description, provider.description)
        return try await database.write { transaction in
            try transaction.execute(
                "UPDATE oidc_providers SET key_set = \(optional: keySet) WHERE arn = \(provider) AND account = \(id)") > 0
        }
    }

    /// The issuer of this URL, as tokens name it, that the account trusts; nil when there is none.
    package func registeredIssuer(_ url: String) async throws -> RegisteredIssuer? {
        guard url.hasPrefix("https://") else { return nil }
        let arn = arn("oidc-provider/\(url.dropFirst("https://".count))").description
        return try await database.read { transaction in
            let clientIDs = try transaction.rows("SELECT client_id FROM oidc_client_ids WHERE provider = \(arn)") { $0.text(0) }
            return try transaction.first("SELECT key_set FROM oidc_providers WHERE arn = \(arn)") { row in
                RegisteredIssuer(arn: arn, url: url, clientIDs: clientIDs, keySet: row.optionalText(0).map { Array($0.utf8) })
            }
        }
    }
}
