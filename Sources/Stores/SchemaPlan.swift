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
    /// The database was last used by a newer program.
    case newer(found: Int, known: Int)
    /// A migration was changed after this database had applied it.
    case changed(number: Int, name: String)
    /// The program's list has a number twice, or brings one that lies before what was applied.
    case outOfOrder(number: Int, name: String)

    package var description: String {
        switch self {
        case .newer(let found, let known):
            "The database has schema \(found), and this program knows schemas up to \(known). "
                + "Start the newer program that made it, or restore the copy that was taken before the upgrade."
        case .changed(let number, let name):
            "Migration \(number) (\(name)) is not the one that this database has applied. "
                + "Start the release that made the database; a released migration must never change."
        case .outOfOrder(let number, let name):
            "Migration \(number) (\(name)) is out of order. Give it a number of its own, above all that were released."
        }
    }
}

/// Which migrations a database still needs.
package struct SchemaPlan: Sendable {
    /// To be applied, in this order.
    package let pending: [Migration]
    /// The number of the last one applied; 0 in an empty database.
    package let found: Int

    /// Compares what the program has, in any order, with what the database says. Throws `SchemaError`.
    package init(_ migrations: [Migration], applied: [AppliedMigration]) throws(SchemaError) {
        let known = migrations.sorted { $0.number < $1.number }
        for (earlier, later) in zip(known, known.dropFirst()) where earlier.number == later.number {
            throw .outOfOrder(number: later.number, name: later.name)
        }
        let found = applied.map(\.number).max() ?? 0
        let checksums = Dictionary(applied.map { ($0.number, $0.checksum) }, uniquingKeysWith: { first, _ in first })
        var pending: [Migration] = []
        for migration in known {
            if let checksum = checksums[migration.number] {
                guard checksum == migration.checksum else { throw .changed(number: migration.number, name: migration.name) }
            } else if migration.number < found {
                throw .outOfOrder(number: migration.number, name: migration.name)
            } else {
                pending.append(migration)
            }
        }
        guard found <= known.last?.number ?? 0 else { throw .newer(found: found, known: known.last?.number ?? 0) }
        self.pending = pending
        self.found = found
    }
}
