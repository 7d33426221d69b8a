import NIOCore
import Synchronization

/// What the bodies of all AWS calls that are under way may hold in memory together.
final class CallBudget: Sendable {
    private let limit: Int
    private let used = Mutex(0)

    /// `limit` in bytes.
    init(limit: Int) { self.limit = limit }

    /// A share of the budget; given back when it is let go.
    final class Share: Sendable {
        private let budget: CallBudget
        private let bytes = Mutex(0)

        fileprivate init(_ budget: CallBudget) { self.budget = budget }

        /// Makes the share `total` bytes; false when the budget has not as much.
        fileprivate func grow(to total: Int) -> Bool {
            bytes.withLock { bytes in
                guard total > bytes else { return true }
                let more = total - bytes
                let granted = budget.used.withLock { used in
                    guard used + more <= budget.limit else { return false }
                    used += more
                    return true
                }
                if granted { bytes = total }
                return granted
            }
        }

        deinit {
            let held = bytes.withLock { $0 }
            budget.used.withLock { $0 -= held }
        }
    }

    /// All of `body`, and the share that must be held as long as it. Throws `CollectionError`, or what reading throws.
    func collect(_ body: IncomingBody, upTo limit: Int) async throws -> (bytes: [UInt8], share: Share) {
        let share = Share(self)
        let announced = body.length ?? 0
        guard announced <= limit else { throw CollectionError.tooLarge(limit: limit) }
        guard share.grow(to: Int(announced)) else { throw CollectionError.budgetSpent }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(announced))
        for try await chunk in body {
            guard bytes.count + chunk.readableBytes <= limit else { throw CollectionError.tooLarge(limit: limit) }
            guard share.grow(to: bytes.count + chunk.readableBytes) else { throw CollectionError.budgetSpent }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        return (bytes, share)
    }
}

/// Why the body of a call is not read to its end.
enum CollectionError: Error {
    /// Larger than `limit` bytes.
    case tooLarge(limit: Int)
    /// Others hold too much at the moment.
    case budgetSpent
}
