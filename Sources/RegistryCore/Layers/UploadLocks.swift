import Synchronization

/// One writer at a time for each upload session of this process; the row's epoch guards against other processes.
final class UploadLocks: Sendable {
    /// For each session that is in use, who waits for it.
    private let waiting = Mutex<[String: [CheckedContinuation<Void, Never>]]>([:])

    /// How many sessions are in use.
    var count: Int { waiting.withLock { $0.count } }

    /// Runs `body` while no other `body` of the same `id` runs.
    func withLock<Value>(_ id: String, _ body: () async throws -> Value) async rethrows -> Value {
        await acquire(id)
        defer { release(id) }
        return try await body()
    }

    /// As `withLock`, unless another `body` of the same `id` runs; then nil.
    func withLockIfFree<Value>(_ id: String, _ body: () async throws -> Value) async rethrows -> Value? {
        let isFree = waiting.withLock { waiting in
            guard waiting[id] == nil else { return false }
            waiting[id] = []
            return true
        }
        guard isFree else { return nil }
        defer { release(id) }
        return try await body()
    }

    private func acquire(_ id: String) async {
        await withCheckedContinuation { continuation in
            let isFree = waiting.withLock { waiting in
                if waiting[id] == nil {
                    waiting[id] = []
                    return true
                }
                waiting[id]?.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func release(_ id: String) {
        let next = waiting.withLock { waiting -> CheckedContinuation<Void, Never>? in
            guard let queue = waiting[id], !queue.isEmpty else {
                waiting[id] = nil
                return nil
            }
            return waiting[id]?.removeFirst()
        }
        next?.resume()
    }
}
