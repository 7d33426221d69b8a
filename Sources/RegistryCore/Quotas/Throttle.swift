import IAM
import Stores
import Synchronization

/// Refuses what a principal does more often than its rate: a bucket of tokens for each principal and action, in memory.
///
/// Sessions of a role share the role's buckets, and callers without credentials those of their address.
package final class Throttle: Sendable {
    private struct Key: Hashable {
        let principal: String
        let action: String
    }

    private struct Bucket {
        var tokens: Double
        var filledAt: Timestamp
    }

    private let rates: Rates
    private let clock: any WallClock
    private let buckets = Mutex<[Key: Bucket]>([:])
    private let capacity: Int
    /// False when no rate bears on pulls, which then need not ask.
    package let limitsPulls: Bool

    /// Remembers up to `capacity` buckets; those that are full again go first.
    init(_ rates: Rates, clock: any WallClock, capacity: Int = 65_536) {
        self.rates = rates
        self.clock = clock
        self.capacity = capacity
        limitsPulls = Rates.pulls.contains { rates[$0] != .unlimited }
    }

    /// Takes a token for `action`, such as `ecr:PutImage`. Throws `throttled`.
    package func take(_ action: String, _ context: RequestContext) throws(RegistryError) {
        let rate = rates[action]
        guard rate != .unlimited else { return }
        let caller = context.caller
        let key = Key(principal: caller.kind == .anonymous ? "anonymous \(context.sourceIP)" : caller.principalID, action: action)
        let now = clock.now
        let isGranted = buckets.withLock { buckets in
            if buckets[key] == nil, buckets.count >= capacity { makeRoom(&buckets, at: now) }
            var bucket = buckets[key] ?? Bucket(tokens: rate.burst, filledAt: now)
            bucket.tokens = Self.tokens(in: bucket, rate, at: now)
            bucket.filledAt = now
            let isGranted = bucket.tokens >= 1
            if isGranted { bucket.tokens -= 1 }
            buckets[key] = bucket
            return isGranted
        }
        guard isGranted else { throw .throttled }
    }

    private static func tokens(in bucket: Bucket, _ rate: Rate, at now: Timestamp) -> Double {
        let elapsed = Double(max(0, now.milliseconds - bucket.filledAt.milliseconds)) / 1000
        return min(rate.burst, bucket.tokens + elapsed * rate.perSecond)
    }

    /// A full bucket says no more than none. When all are in use, everybody begins anew.
    private func makeRoom(_ buckets: inout [Key: Bucket], at now: Timestamp) {
        buckets = buckets.filter { key, bucket in
            let rate = rates[key.action]
            return Self.tokens(in: bucket, rate, at: now) < rate.burst
        }
        if buckets.count >= capacity { buckets = [:] }
    }
}
