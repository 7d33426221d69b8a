import Stores

/// How long a copy may take before it is taken for one that was left behind.
private let copyLease = Duration.seconds(7 * 24 * 3600)

/// Copies of objects: until a row names one, a tombstone does, so that a crash leaves nothing behind.
extension RegistryServices {
    /// The name of a copy that is about to be written.
    func beginCopy() async throws -> ObjectKey {
        let copy = newObjectKey()
        try await database.write { try $0.beginCopy(copy) }
        return copy
    }

    /// Lets the reaper have a copy that no row is to name.
    func abandonCopy(_ copy: ObjectKey) async throws { try await database.write { try $0.abandonCopy(copy) } }
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
