import Stores

extension KeyRing {
    /// Lets a key be used again. Throws `invalidState`.
    package func enable(_ key: Key) async throws { try await set(.enabled, on: key) }

    /// Lets a key be used no more, from the next request on. Throws `invalidState`.
    package func disable(_ key: Key) async throws { try await set(.disabled, on: key) }

    private func set(_ state: KMSKey.State, on key: Key) async throws {
        try await change(key) { transaction, key in
            try key.requireNotPendingDeletion()
            try transaction.execute("UPDATE kms_keys SET state = \(state.rawValue) WHERE id = \(key.id)")
        }
    }

    /// Sets the description. Throws `invalidState`.
    package func set(description: String, on key: Key) async throws {
        try await change(key) { transaction, key in
            try key.requireNotPendingDeletion()
            try transaction.execute("UPDATE kms_keys SET description = \(description) WHERE id = \(key.id)")
        }
    }

    /// Has the key deleted in `days` days, and not used until then; the moment of the deletion. Throws `invalidState`.
    package func scheduleDeletion(of key: Key, days: Int) async throws -> Timestamp {
        try await change(key) { transaction, key in
            try key.requireNotPendingDeletion()
            let moment = transaction.now + .seconds(days * 86_400)
            try transaction.execute(
                """
                UPDATE kms_keys SET state = \(KMSKey.State.pendingDeletion.rawValue), waiting_days = \(days), deletion_at = \(moment)
                WHERE id = \(key.id)
                """)
            return moment
        }
    }

    /// Keeps a key that waits for its deletion; it is disabled then. Throws `invalidState` for any other.
    package func cancelDeletion(of key: Key) async throws {
        try await change(key) { transaction, key in
            guard key.state == .pendingDeletion else { throw KeyFailure(.invalidState, "\(key.arn) is not pending deletion.") }
            try transaction.execute(
                """
                UPDATE kms_keys SET state = \(KMSKey.State.disabled.rawValue), waiting_days = NULL, deletion_at = NULL WHERE id = \(key.id)
                """)
        }
    }

    /// Does `body` with the key as it is now. Throws `notFound` when it is gone, and what `body` throws.
    @discardableResult
    func change<Value: Sendable>(
        _ key: Key, _ body: @escaping @Sendable (any WriteTransaction, Key) throws -> Value
    ) async throws -> Value {
        let name = KeyName.key(id: key.id, account: key.account, region: key.region)
        return try await database.write { transaction in try body(transaction, transaction.key(name)) }
    }
}

extension KMSServices {
    /// Deletes up to `limit` keys whose waiting period is over, their material first of all; how many there were. What lies under them can never
    /// be read again.
    package func deleteDueKeys(limit: Int) async throws -> Int {
        guard try await database.read({ try !$0.keys(toDeleteBy: $0.now, limit: 1).isEmpty }) else { return 0 }
        return try await database.write { transaction in
            let keys = try transaction.keys(toDeleteBy: transaction.now, limit: limit)
            for key in keys { try transaction.delete(key) }
            return keys.count
        }
    }
}
