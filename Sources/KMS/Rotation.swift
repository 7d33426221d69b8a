import Stores

extension KeyRing {
    /// Has a new version of the material made every `days` days, counted from now. Throws `disabled`, `invalidState`.
    package func enableRotation(of key: Key, days: Int?) async throws {
        try await change(key) { transaction, key in
            try key.requireEnabled()
            let days = days ?? key.rotationDays ?? 365
            // The same period again leaves the date that is set.
            guard days != key.rotationDays else { return }
            try transaction.execute(
                """
                UPDATE kms_keys SET rotation_days = \(days), next_rotation_at = \(transaction.now + .seconds(days * 86_400)) WHERE id = \(key.id)
                """)
        }
    }

    /// Has no new versions made by themselves any more. Throws `disabled`, `invalidState`.
    package func disableRotation(of key: Key) async throws {
        try await change(key) { transaction, key in
            try key.requireEnabled()
            try transaction.execute("UPDATE kms_keys SET rotation_days = NULL, next_rotation_at = NULL WHERE id = \(key.id)")
        }
    }

    /// Makes a new version of the material now. Throws `disabled`, `invalidState`, `limitExceeded`.
    package func rotate(_ key: Key) async throws {
        let limit = limits.rotationsOnDemand
        let material = try KeyMaterial(.onDemand, services)
        try await change(key) { transaction, key in
            try key.requireEnabled()
            guard try transaction.materials(of: key).filter({ $0.origin == .onDemand }).count < limit else {
                throw KeyFailure(.limitExceeded, "You can perform on-demand rotation of \(key.arn) at most \(limit) times.")
            }
            try transaction.rotate(key, to: material)
        }
    }

    /// The versions of the material, the newest first.
    package func materials(of key: Key) async throws -> [KeyMaterial] {
        try await database.read { try $0.materials(of: key) }
    }
}

extension KMSServices {
    /// Rotates up to `limit` keys whose time has come; how many there were. A disabled key waits until it is enabled.
    package func rotateDueKeys(limit: Int) async throws -> Int {
        let due = try await database.read { try $0.keys(toRotateBy: $0.now, limit: limit) }
        for key in due {
            let material = try KeyMaterial(.automatic, self)
            try await database.write { transaction in
                guard let key = try transaction.key(id: key.id), let days = key.rotationDays, let moment = key.nextRotationAt,
                    moment <= transaction.now
                else { return }
                try transaction.rotate(key, to: material)
                try transaction.execute(
                    "UPDATE kms_keys SET next_rotation_at = \(transaction.now + .seconds(days * 86_400)) WHERE id = \(key.id)")
            }
        }
        return due.count
    }
}

extension WriteTransaction {
    fileprivate func rotate(_ key: Key, to material: KeyMaterial) throws {
        try insert(material, of: key)
        try execute("UPDATE kms_keys SET material = \(material.id) WHERE id = \(key.id)")
    }
}
