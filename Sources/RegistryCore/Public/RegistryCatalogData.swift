import Stores

extension Registry {
    /// The name that this public registry is shown under; nil when none was set.
    package func displayName() async throws -> String? {
        let id = id
        return try await database.read { transaction in
            try transaction.first("SELECT display_name FROM public_registries WHERE account = \(id.account.description)") { $0.text(0) }
        }
    }

    /// Sets the name that this public registry is shown under.
    package func putDisplayName(_ name: String) async throws {
        let id = id
        try await database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO public_registries (account, display_name) VALUES (\(id.account.description), \(name))
                ON CONFLICT (account) DO UPDATE SET display_name = excluded.display_name
                """)
        }
    }
}
