import OCI

extension Migration {
    /// The SHA-256 of the statements in hexadecimal: what tells a released migration that was changed afterwards.
    package var checksum: String { Digest.of(Array(statements.utf8)).hex }
}

/// What a database's table `schema_version` says of one migration.
package struct AppliedMigration: Hashable, Sendable {
    package let number: Int
    package let name: String
    package let checksum: String

    package init(number: Int, name: String, checksum: String) {
        self.number = number
        self.name = name
        self.checksum = checksum
    }
}

/// Why a database's schema and this program do not fit together; the description says what to do.
package enum SchemaError: Error, Hashable, CustomStringConvertible {
    /// The database was last used by a newer program: it has migration `found`, where this one's module ends with `known`.
    case newer(found: Int, known: Int)
    /// A migration was changed after this database had applied it.
    case changed(number: Int, name: String)
    /// The program has a number twice, or brings one that lies before what its module has applied.
    case outOfOrder(number: Int, name: String)

    package var description: String {
        switch self {
        case .newer(let found, let known):
            "The database has had migration \(found), and this program knows migrations up to \(known). "
                + "Start the newer program that made it, or restore the copy that was taken before the upgrade."
        case .changed(let number, let name):
            "Migration \(number) (\(name)) is not the one that this database has applied. "
                + "Start the release that made the database; a released migration must never change."
        case .outOfOrder(let number, let name):
            "Migration \(number) (\(name)) is out of order. Give it a number of its own, above all of its module that were released."
        }
    }
}

/// Which migrations a database still needs.
package struct SchemaPlan: Sendable {
    /// To be applied, in this order.
    package let pending: [Migration]
    /// True when the database has data of an earlier schema.
    package let isUpgrade: Bool

    /// Compares what the program has, in any order, with what the database says. Throws `SchemaError`.
    package init(_ migrations: [Migration], applied: [AppliedMigration]) throws(SchemaError) {
        let known = migrations.sorted { $0.number < $1.number }
        for (earlier, later) in zip(known, known.dropFirst()) where earlier.number == later.number {
            throw .outOfOrder(number: later.number, name: later.name)
        }
        for found in applied.sorted(by: { $0.number > $1.number }) {
            if let migration = known.first(where: { $0.number == found.number }) {
                guard found.checksum == migration.checksum else { throw .changed(number: found.number, name: found.name) }
            } else {
                let module = known.filter { Self.module($0.number) == Self.module(found.number) }
                throw .newer(found: found.number, known: module.last?.number ?? 0)
            }
        }
        pending = known.filter { migration in !applied.contains { $0.number == migration.number } }
        isUpgrade = !applied.isEmpty
        for migration in pending {
            let isLate = applied.contains { $0.number > migration.number && Self.module($0.number) == Self.module(migration.number) }
            if isLate { throw .outOfOrder(number: migration.number, name: migration.name) }
        }
    }

    /// The numbers of a ten belong to one module and follow one upon the other; those of different tens come in any order.
    private static func module(_ number: Int) -> Int { number / 10 }
}
