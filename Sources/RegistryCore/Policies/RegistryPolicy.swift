import Stores

extension Registry {
    /// The policy of the registry, as it is stored. Throws `registryPolicyNotFound`.
    package func registryPolicy() async throws -> String {
        let id = id
        return try await database.read { try $0.requiredPolicy(of: id) }
    }

    /// Sets the policy of the registry, which must be a valid one; holds from the next request on.
    package func setRegistryPolicy(_ text: String) async throws {
        let id = id
        try await database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO registry_policies (account, region, text) VALUES (\(id.account.description), \(id.place), \(text))
                ON CONFLICT (account, region) DO UPDATE SET text = excluded.text
                """)
            try AuthorizationChanges.advance(transaction)
        }
    }

    /// Removes the policy of the registry; returns it. Throws `registryPolicyNotFound`.
    package func deleteRegistryPolicy() async throws -> String {
        let id = id
        return try await database.write { transaction in
            let text = try transaction.requiredPolicy(of: id)
            try transaction.execute("DELETE FROM registry_policies WHERE account = \(id.account.description) AND region = \(id.place)")
            try AuthorizationChanges.advance(transaction)
            return text
        }
    }
}

extension ReadTransaction {
    /// The policy of a registry; nil when it has none.
    func policy(of registry: RegistryID) throws -> String? {
        try first(
            "SELECT text FROM registry_policies WHERE account = \(registry.account.description) AND region = \(registry.place)"
        ) { $0.text(0) }
    }

    fileprivate func requiredPolicy(of registry: RegistryID) throws -> String {
        guard let text = try policy(of: registry) else { throw RegistryError.registryPolicyNotFound(registry) }
        return text
    }
}
