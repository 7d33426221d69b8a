import Stores

/// Keeps the reaper from deleting objects, so that everything which a copy of the database names is there until it is copied too.
extension RegistryServices {
    /// How long a hold lasts unless it is renewed: what the next backup, or space, waits for when one was given up.
    package static let holdLife = Duration.seconds(600)

    /// Begins the hold `id`, or renews it.
    package func hold(_ id: String) async throws {
        try await database.write { transaction in
            let end = transaction.now + Self.holdLife
            try transaction.execute(
                "INSERT INTO holds (id, held_until) VALUES (\(id), \(end)) ON CONFLICT (id) DO UPDATE SET held_until = excluded.held_until")
        }
    }

    /// Renews the hold `id` some time before its end: when that fails, it lasts long enough for another try. Who must know asks `hold` in the end.
    private func renewHold(_ id: String) async {
        do {
            try await hold(id)
        } catch {
            log.warning("a backup's hold is not renewed yet", metadata: ["error": "\(error)"])
        }
    }

    /// Keeps the hold `id` for as long as `body` takes, and `holdLife` longer.
    package func hold(_ id: String, while body: @escaping @Sendable () async throws -> Void) async throws {
        try await hold(id)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(operation: body)
            group.addTask {
                while true {
                    try await Task.sleep(for: Self.holdLife / 10)
                    await renewHold(id)
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
        try await hold(id)
    }

    /// Ends the hold `id`.
    package func release(_ id: String) async throws {
        try await database.write { transaction in
            try transaction.execute("DELETE FROM holds WHERE id = \(id) OR held_until <= \(transaction.now)")
        }
    }
}

extension ReadTransaction {
    /// True while no object may be deleted.
    func isHeld() throws -> Bool {
        try first("SELECT 1 FROM holds WHERE held_until > \(now) LIMIT 1") { $0.integer(0) } != nil
    }
}
