import Stores

extension KeyRing {
    /// Sets the policy of a key, a checked one as it is to be stored; it holds from the next request on. Throws `invalidState`.
    package func set(policy: String, on key: Key) async throws {
        try await change(key) { transaction, key in
            try key.requireNotPendingDeletion()
            try transaction.execute("UPDATE kms_keys SET policy = \(policy) WHERE id = \(key.id)")
        }
    }
}
