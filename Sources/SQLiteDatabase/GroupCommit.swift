import GRDB
import Stores

/// A write that waits. Its caller is answered once, when the fate of its transaction is known.
struct WriteJob: Sendable {
    struct Outcome {
        /// What the body threw; its changes are undone then.
        let error: (any Error)?
        /// Gives the caller the body's value or error.
        let answer: @Sendable () -> Void
    }

    /// True when its commit need not count.
    let isAside: Bool
    let run: @Sendable (SQLiteTransaction) -> Outcome
    /// Tells the caller that the transaction failed.
    let fail: @Sendable (any Error) -> Void

    init<Value: Sendable>(
        isAside: Bool, _ body: @escaping @Sendable (any WriteTransaction) throws -> Value,
        answering continuation: CheckedContinuation<Value, any Error>
    ) {
        self.isAside = isAside
        run = { transaction in
            do {
                let value = try body(transaction)
                return Outcome(error: nil) { continuation.resume(returning: value) }
            } catch {
                return Outcome(error: error) { continuation.resume(throwing: error) }
            }
        }
        fail = { continuation.resume(throwing: $0) }
    }
}

extension GRDB.Database {
    /// Runs `jobs` in one transaction, each in a savepoint of its own, and answers all of them after the commit: even a
    /// refusal may rest on what another job of the group wrote.
    func commit(_ jobs: ArraySlice<WriteJob>, clock: any WallClock, counting commits: CommitCounts) {
        do {
            for outcome in try runTogether(jobs, clock: clock, counting: commits) { outcome.answer() }
        } catch {
            let error = translated(error)
            if jobs.count > 1, concernsOneJob(error) {
                for job in jobs { commit([job], clock: clock, counting: commits) }
            } else {
                for job in jobs { job.fail(error) }
            }
        }
    }

    private func runTogether(
        _ jobs: ArraySlice<WriteJob>, clock: any WallClock, counting commits: CommitCounts
    ) throws -> [WriteJob.Outcome] {
        // Cached statements: GRDB's own are parsed anew each time.
        try cachedStatement(sql: "BEGIN IMMEDIATE").execute()
        do {
            let effects = TransactionEffects()
            let transaction = SQLiteTransaction(database: self, now: clock.now, effects: effects)
            let outcomes: [WriteJob.Outcome]
            if jobs.count == 1, let job = jobs.first {
                // It has the transaction to itself and needs no savepoint in it: what it throws undoes the whole.
                outcomes = [job.run(transaction)]
                if outcomes[0].error != nil {
                    if isInsideTransaction { try transaction.execute("ROLLBACK") }
                    return outcomes
                }
            } else {
                outcomes = try jobs.map { try run($0, in: transaction) }
            }
            let commit = try cachedStatement(sql: "COMMIT")
            try commits.during(effects, isAside: jobs.allSatisfy(\.isAside)) { try commit.execute() }
            return outcomes
        } catch {
            if isInsideTransaction { try rollback() }
            throw error
        }
    }

    private func run(_ job: WriteJob, in transaction: SQLiteTransaction) throws -> WriteJob.Outcome {
        try transaction.execute("SAVEPOINT job")
        let outcome = job.run(transaction)
        if let error = outcome.error {
            // SQLite gives up whole transactions on some errors, such as a full disk: then all jobs of the group are undone.
            guard isInsideTransaction else { throw error }
            try transaction.execute("ROLLBACK TO job")
        }
        try transaction.execute("RELEASE job")
        return outcome
    }

    /// True when a group may have failed for what one of its jobs did, so that the others deserve a transaction of their own.
    /// Never after a failed fsync, whose outcome is unknown.
    private func concernsOneJob(_ error: any Error) -> Bool {
        switch error as? Stores.DatabaseError {
        case .uniqueViolation, .foreignKeyViolation, .full: true
        case .retryable, .other, nil: false
        }
    }
}
