import Dispatch
import Synchronization

/// Whether bytes have become durable, for a transaction that is prepared meanwhile and must not be committed before.
final class Durability: Sendable {
    private let outcome = Mutex<Result<Void, any Error>>(.success(()))
    private let isKnown = DispatchSemaphore(value: 0)

    /// They are, or `result` is why they will not be. To be called once.
    func settle(_ result: Result<Void, any Error>) {
        outcome.withLock { $0 = result }
        isKnown.signal()
    }

    /// Returns once the bytes are durable; throws what kept them from it. Blocks.
    func wait() throws {
        isKnown.wait()
        isKnown.signal()
        try outcome.withLock { $0 }.get()
    }
}
