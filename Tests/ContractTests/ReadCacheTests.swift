import SQLiteDatabase
import Stores
import Synchronization
import TestSupport
import Testing

/// What is remembered of a database is never older than the last write that was answered.
@Suite struct ReadCacheTests {
    private let folder: TemporaryFolder
    private let database: SQLiteDatabase

    init() throws {
        folder = try TemporaryFolder()
        database = try SQLiteDatabase(path: folder.file("test.sqlite"), migrations: TestDatabase.migrations, clock: FixedClock())
    }

    @Test func readsOnceWhileNothingIsCommitted() async throws {
        try await put(1)
        let cache = ReadCache<String, Int64>(capacity: 8)
        let reads = Counter()
        for _ in 0..<5 { #expect(try await get(cache, reads) == 1) }
        #expect(reads.count == 1)
    }

    @Test func aWriteIsSeenByTheNextRead() async throws {
        let cache = ReadCache<String, Int64>(capacity: 8)
        for value in 1...50 {
            try await put(Int64(value))
            #expect(try await get(cache) == Int64(value))
        }
    }

    @Test func aWriteThatFailsChangesNothing() async throws {
        try await put(1)
        let cache = ReadCache<String, Int64>(capacity: 8)
        #expect(try await get(cache) == 1)
        await #expect(throws: DatabaseSuite.Refusal.self) {
            try await database.write { transaction in
                try transaction.execute("UPDATE samples SET i = 2 WHERE id = 1")
                throw DatabaseSuite.Refusal()
            }
        }
        #expect(try await get(cache) == 1)
    }

    @Test func whatIsNotToBeKeptIsReadEachTime() async throws {
        try await put(1)
        let cache = ReadCache<String, Int64>(capacity: 8)
        let reads = Counter()
        for _ in 0..<3 {
            _ = try await cache.value(for: "", in: database, where: { $0 > 1 }) { transaction in
                reads.increment()
                return try transaction.first("SELECT i FROM samples WHERE id = 1") { $0.integer(0) } ?? 0
            }
        }
        #expect(reads.count == 3)
    }

    /// The collector's queues change all the time; nobody reads them but the collector.
    @Test func writesAsideMakeNobodyReadAnew() async throws {
        try await put(1)
        let cache = ReadCache<String, Int64>(capacity: 8)
        let reads = Counter()
        #expect(try await get(cache, reads) == 1)
        for _ in 0..<3 { try await database.writeAside { try $0.execute("UPDATE samples SET b = NULL WHERE id = 1") } }
        #expect(try await get(cache, reads) == 1)
        #expect(reads.count == 1)
        // In one transaction with others it counts as they do.
        async let aside: Int = database.writeAside { try $0.execute("UPDATE samples SET b = NULL WHERE id = 1") }
        async let other: Void = put(2)
        _ = try await (aside, other)
        #expect(try await get(cache, reads) == 2)
    }

    @Test func whatIsForgottenIsReadAnew() async throws {
        try await put(1)
        let cache = ReadCache<String, Int64>(capacity: 8)
        let reads = Counter()
        #expect(try await get(cache, reads) == 1)
        try await database.writeAside { try $0.execute("UPDATE samples SET i = 2 WHERE id = 1") }
        cache.forget { $0 == 7 }
        #expect(try await get(cache, reads) == 1)
        cache.forget { $0 == 1 }
        #expect(try await get(cache, reads) == 2)
        #expect(reads.count == 2)
    }

    /// It may have read what was before.
    @Test func aReadUnderWayWhenSomethingIsForgottenIsNotKept() async throws {
        try await put(1)
        let cache = ReadCache<String, Int64>(capacity: 8)
        let value = try await cache.value(for: "key", in: database) { _ in
            cache.forget { _ in false }
            return Int64(9)
        }
        #expect(value == 9)
        #expect(try await get(cache) == 1)
    }

    /// Pushes commit all the time, and most change nothing that authorization rests on.
    @Test func theCountOfAuthorizationIsReadAnewOnlyWhenItAdvanced() async throws {
        try await put(1)
        let changes = AuthorizationChanges.remembered()
        let reads = Counter()
        func count() async throws -> Int64 {
            try await changes.value(for: true, in: database) { transaction in
                reads.increment()
                return try transaction.first("SELECT i FROM samples WHERE id = 1") { $0.integer(0) } ?? -1
            }
        }
        #expect(try await count() == 1)
        try await put(2)
        #expect(try await count() == 1)
        #expect(reads.count == 1)
        // Together with others, too, and aside.
        async let other: Void = put(3)
        async let change: Void = database.writeAside { $0.changesAuthorization() }
        _ = try await (other, change)
        #expect(try await count() == 3)
        #expect(reads.count == 2)
    }

    @Test func keepsNoMoreThanItsCapacity() async throws {
        try await put(1)
        let cache = ReadCache<Int, Int64>(capacity: 2)
        let reads = Counter()
        for key in [1, 2, 3, 1] {
            _ = try await cache.value(for: key, in: database) { _ in
                reads.increment()
                return 0
            }
        }
        #expect(reads.count == 4)
    }

    /// Readers beside a writer: whoever starts after a write was answered gets that value or a later one.
    @Test func nobodyReadsBehindAnAnsweredWrite() async throws {
        try await put(0)
        let cache = ReadCache<String, Int64>(capacity: 8)
        let answered = Atomic64()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for value in 1...300 {
                    try await put(Int64(value))
                    answered.store(Int64(value))
                }
            }
            for _ in 0..<4 {
                group.addTask {
                    while answered.load() < 300 {
                        let before = answered.load()
                        let value = try await get(cache)
                        #expect(value >= before)
                        await Task.yield()
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func put(_ value: Int64) async throws {
        try await database.write { transaction in
            try transaction.execute("INSERT INTO samples (id, i) VALUES (1, \(value)) ON CONFLICT (id) DO UPDATE SET i = excluded.i")
        }
    }

    private func get(_ cache: ReadCache<String, Int64>, _ reads: Counter = Counter()) async throws -> Int64 {
        try await cache.value(for: "key", in: database) { transaction in
            reads.increment()
            return try transaction.first("SELECT i FROM samples WHERE id = 1") { $0.integer(0) } ?? -1
        }
    }
}

private final class Counter: Sendable {
    private let value = Atomic<Int>(0)
    var count: Int { value.load(ordering: .relaxed) }
    func increment() { value.add(1, ordering: .relaxed) }
}

private final class Atomic64: Sendable {
    private let value = Atomic<Int64>(0)
    func load() -> Int64 { value.load(ordering: .acquiring) }
    func store(_ new: Int64) { value.store(new, ordering: .releasing) }
}
