import Stores
import Synchronization

/// A clock that stands still until it is set.
package final class FixedClock: WallClock {
    private let moment: Mutex<Timestamp>

    /// Stands at 2026-01-01T00:00:00Z unless said otherwise.
    package init(_ moment: Timestamp = Timestamp(milliseconds: 1_767_225_600_000)) {
        self.moment = Mutex(moment)
    }

    package var now: Timestamp { moment.withLock { $0 } }

    package func set(_ moment: Timestamp) {
        self.moment.withLock { $0 = moment }
    }

    package func advance(by duration: Duration) {
        moment.withLock { $0 = $0 + duration }
    }
}

/// Ids from 1 and pseudo-random bytes, the same at every run with the same seed.
package final class SeededIDs: IDSource {
    private struct State {
        var last: Int64 = 0
        var random: SeededRandom
    }

    private let state: Mutex<State>

    package init(seed: UInt64 = 1) {
        state = Mutex(State(random: SeededRandom(seed: seed)))
    }

    package func nextID() -> Int64 {
        state.withLock { state in
            state.last += 1
            return state.last
        }
    }

    package func randomBytes(_ count: Int) -> [UInt8] {
        state.withLock { $0.random.bytes(count) }
    }
}

/// SplitMix64: small, fast, and the same everywhere. Not for secrets.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// `count` bytes, eight for each number.
    package mutating func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                withUnsafeBytes(of: next().littleEndian) { word in
                    for byte in word.prefix(count - initialized) {
                        buffer.initializeElement(at: initialized, to: byte)
                        initialized += 1
                    }
                }
            }
        }
    }
}
