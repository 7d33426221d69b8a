import Synchronization

/// The commits that `Database.version` tells of, and those of them that `Database.authorizationVersion` does.
struct CommitCounts: Sendable {
    let all = CommitCount()
    let authorizing = CommitCount()

    /// Runs `body`, which commits what has these `effects`. One at a time.
    func during(_ effects: TransactionEffects, isAside: Bool, _ body: () throws -> Void) throws {
        func commit() throws { if effects.changesAuthorization { try authorizing.during(body) } else { try body() } }
        if isAside { try commit() } else { try all.during(commit) }
    }
}

/// What a transaction says of itself.
final class TransactionEffects {
    var changesAuthorization = false
}

/// Counts commits twice, when they begin and when they have ended, so that an odd number means one under way.
final class CommitCount: Sendable {
    private let count = Atomic<UInt64>(0)

    /// The count; nil while a commit is under way, which some readers may see already and others not yet.
    var settled: UInt64? {
        let count = count.load(ordering: .acquiring)
        return count.isMultiple(of: 2) ? count : nil
    }

    /// Runs `body`, which commits. One at a time.
    func during<Value>(_ body: () throws -> Value) rethrows -> Value {
        count.add(1, ordering: .acquiringAndReleasing)
        defer { count.add(1, ordering: .acquiringAndReleasing) }
        return try body()
    }
}
