import AWSCore
import OCI
import Stores

extension Registry {
    /// The aliases of this public registry, by name; none before its first repository.
    package func aliases() async throws -> [AliasRecord] {
        let id = id
        return try await database.read { try $0.aliases(of: id.account) }
    }

    /// Asks for an alias of this public registry. False when it is taken, by whomever, or was refused before.
    package func requestAlias(_ alias: RegistryAlias) async throws -> Bool {
        let id = id
        return try await database.write { transaction in
            try transaction.insert(alias, of: id.account, .pending, isDefault: false)
        }
    }
}

extension RegistryServices {
    /// Up to `limit` aliases of all registries, by name.
    package func aliases(limit: Int) async throws -> [AliasRecord] {
        try await database.read { transaction in
            try transaction.rows("SELECT \(sql: AliasRecord.columns) FROM public_aliases ORDER BY name LIMIT \(limit)", AliasRecord.init)
        }
    }

    /// Decides on an alias that was asked for. One that becomes active is the primary one of its registry from then on; the others go on
    /// working. False when nobody waits for it.
    package func settleAlias(_ alias: RegistryAlias, isGranted: Bool) async throws -> Bool {
        try await database.write { transaction in
            let account = try transaction.first(
                "SELECT account FROM public_aliases WHERE name = \(alias.description) AND status = \(AliasRecord.Status.pending.rawValue)"
            ) { $0.text(0) }
            guard let account else { return false }
            if isGranted { try transaction.execute("UPDATE public_aliases SET is_primary = 0 WHERE account = \(account)") }
            let status = isGranted ? AliasRecord.Status.active : .rejected
            try transaction.execute(
                "UPDATE public_aliases SET status = \(status.rawValue), is_primary = \(isGranted ? 1 : 0) WHERE name = \(alias.description)")
            return true
        }
    }

    /// The public registry that an active alias names; nil when there is none.
    package func publicRegistry(named alias: String) async throws -> RegistryID? {
        let account = try await aliasReads.value(for: alias, in: database) { transaction in
            try transaction.first(
                "SELECT account FROM public_aliases WHERE name = \(alias) AND status = \(AliasRecord.Status.active.rawValue)"
            ) { AccountID($0.text(0)) } ?? nil
        }
        return account.map { RegistryID(publicOf: $0) }
    }
}

extension AliasRecord {
    fileprivate static let columns: SQL = "name, account, status, is_default, is_primary"

    fileprivate init(_ row: any Row) throws {
        guard let name = RegistryAlias(row.text(0)), let account = AccountID(row.text(1)), let status = Status(rawValue: row.text(2)) else {
            throw DatabaseError.other("public_aliases row \(row.text(0)) holds an invalid alias, account or status")
        }
        self.init(name: name, account: account, status: status, isDefault: row.integer(3) == 1, isPrimary: row.integer(4) == 1)
    }
}

extension ReadTransaction {
    fileprivate func aliases(of account: AccountID) throws -> [AliasRecord] {
        try rows("SELECT \(sql: AliasRecord.columns) FROM public_aliases WHERE account = \(account.description) ORDER BY name", AliasRecord.init)
    }
}

extension WriteTransaction {
    /// Gives a registry its default alias, unless it has one.
    func insertDefaultAlias(of account: AccountID, by ids: any IDSource) throws {
        guard try !aliases(of: account).contains(where: \.isDefault) else { return }
        while try !insert(RegistryAlias(random: ids.randomBytes(8)), of: account, .active, isDefault: true) {}
    }

    /// False when the alias is taken.
    fileprivate func insert(_ alias: RegistryAlias, of account: AccountID, _ status: AliasRecord.Status, isDefault: Bool) throws -> Bool {
        try execute(
            """
            INSERT INTO public_aliases (name, account, status, is_default, is_primary, created_at)
            VALUES (\(alias.description), \(account.description), \(status.rawValue), \(isDefault ? 1 : 0), \(isDefault ? 1 : 0), \(now))
            ON CONFLICT (name) DO NOTHING
            """) == 1
    }
}
