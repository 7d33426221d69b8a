import Stores

/// A setting of an account in a region. An unset one has the first of its values.
///
/// Source: Amazon ECR API reference, "PutAccountSetting".
package enum AccountSetting: String, Sendable, CaseIterable {
    /// What finds vulnerabilities in basic scanning.
    case basicScanTypeVersion = "BASIC_SCAN_TYPE_VERSION"
    /// Which actions the registry policy decides on: V2 all, V1 the three that it knew at first.
    case registryPolicyScope = "REGISTRY_POLICY_SCOPE"
    /// Whether a push may take layers over from another repository of the registry.
    case blobMounting = "BLOB_MOUNTING"

    /// The values that it can have, the default first.
    package var values: [String] {
        switch self {
        case .basicScanTypeVersion: ["AWS_NATIVE"]
        case .registryPolicyScope: ["V2", "V1"]
        case .blobMounting: ["ENABLED", "DISABLED"]
        }
    }
}

extension Registry {
    /// The value of a setting.
    package func accountSetting(_ setting: AccountSetting) async throws -> String {
        let id = id
        return try await database.read { try $0.value(of: setting, in: id) }
    }

    /// Sets `setting` to one of its values; holds from the next request on.
    package func putAccountSetting(_ setting: AccountSetting, _ value: String) async throws {
        let id = id
        try await database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO account_settings (account, region, name, value)
                VALUES (\(id.account.description), \(id.place), \(setting.rawValue), \(value))
                ON CONFLICT (account, region, name) DO UPDATE SET value = excluded.value
                """)
            try AuthorizationChanges.advance(transaction)
        }
    }
}

extension ReadTransaction {
    /// The value of a setting of a registry's account in its region.
    func value(of setting: AccountSetting, in registry: RegistryID) throws -> String {
        try first(
            """
            SELECT value FROM account_settings
            WHERE account = \(registry.account.description) AND region = \(registry.place) AND name = \(setting.rawValue)
            """
        ) { $0.text(0) } ?? setting.values[0]
    }
}
