import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The machine's clock.
package struct SystemClock: WallClock {
    package init() {}

    package var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// Ids of 41 bits of milliseconds since 2024, 10 bits of node and 12 bits of sequence; randomness of the system.
package final class SystemIDs: IDSource {
    private struct State {
        var millisecond: Int64 = 0
        var sequence: Int64 = 0
    }

    private static let epoch: Int64 = 1_704_067_200_000
    private let node: Int64
    private let clock: any WallClock
    private let state = Mutex(State())

    /// Ids of `node` (0 to 1023; of one database, no two processes may share a node).
    package init(node: Int64 = 0, clock: any WallClock = SystemClock()) {
        precondition((0..<1024).contains(node))
        self.node = node
        self.clock = clock
    }

    package func nextID() -> Int64 {
        state.withLock { state in
            let now = clock.now.milliseconds - Self.epoch
            if now > state.millisecond {
                state = State(millisecond: now, sequence: 0)
            } else if state.sequence < 4095 {
                state.sequence += 1
            } else {
                // A clock that stands still or went back borrows from the future rather than repeat an id.
                state = State(millisecond: state.millisecond + 1, sequence: 0)
            }
            return state.millisecond << 22 | node << 12 | state.sequence
        }
    }

    package func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        // Eight at a time: each asks the kernel.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 7)
        while bytes.count < count { withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) } }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}
