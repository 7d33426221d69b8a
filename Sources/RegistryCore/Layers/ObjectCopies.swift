import Stores

/// How long a copy may take before it is taken for one that was left behind; those of a process that ended are before.
private let copyLease = Duration.seconds(7 * 24 * 3600)

/// Copies of objects: until a row names one, a tombstone does, so that a crash leaves nothing behind.
extension RegistryServices {
    /// The name of a copy that is about to be written.
    func beginCopy() async throws -> ObjectKey {
        let copy = newObjectKey()
        try await database.write { try $0.beginCopy(copy) }
        return copy
    }

    /// Lets the reaper have a copy that no row is to name, on a full device too.
    func abandonCopy(_ copy: ObjectKey) async throws { try await database.writeFreeing { try $0.abandonCopy(copy) } }

    /// What `write` makes of the copy `copy`, which the reaper gets when that fails. A commit does not belong into `write`: of one that seems to have
    /// failed it is not known whether a row names the copy.
    func abandoning<Written>(_ copy: ObjectKey, unless write: () async throws -> Written) async throws -> Written {
        do {
            return try await write()
        } catch {
            try await abandonCopy(copy)
            throw error
        }
    }

    /// Lets the reaper have what processes before this one had not done with: copies that they did not finish, and objects that they might still have
    /// read. For a process that has just begun, and has the data folder alone. Returns how many there were.
    @discardableResult
    package func releaseCopies() async throws -> Int {
        let waiting = try await database.read { transaction in
            try transaction.first("SELECT COUNT(*) FROM tombstones WHERE delete_after > \(transaction.now)") { $0.integer(0) } ?? 0
        }
        guard waiting > 0 else { return 0 }
        return try await database.writeFreeing { transaction in
            try transaction.execute("UPDATE tombstones SET delete_after = \(transaction.now) WHERE delete_after > \(transaction.now)")
        }
    }
}

extension WriteTransaction {
    /// Writes down that a copy is about to be written.
    func beginCopy(_ copy: ObjectKey) throws { try bury(copy, at: now + copyLease) }

    /// A row names the copy now.
    func keepCopy(_ copy: ObjectKey) throws { try execute("DELETE FROM tombstones WHERE object_key = \(copy.description)") }

    /// A row names the copy now instead of `source`, which stays a minute for those who have just looked up its name.
    func keepCopy(_ copy: ObjectKey, insteadOf source: ObjectKey) throws {
        try keepCopy(copy)
        try bury(source, at: now + .seconds(60))
    }

    /// Lets the reaper have a copy that no row is to name.
    func abandonCopy(_ copy: ObjectKey) throws { try bury(copy, at: now) }
}
