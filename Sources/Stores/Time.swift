/// A moment, in milliseconds since 1970-01-01T00:00:00Z; the only form of time in the database.
package struct Timestamp: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Seconds since 1970 with a fraction, as AWS's JSON protocol writes times.
    package var seconds: Double { Double(milliseconds) / 1000 }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    package static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds + duration.inMilliseconds)
    }

    package static func - (moment: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds - duration.inMilliseconds)
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    package var inMilliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}

/// Where the time of day comes from. A transaction has its own, the database's: `Transaction.now`.
package protocol WallClock: Sendable {
    var now: Timestamp { get }
}

/// Where new row ids and random bytes come from.
package protocol IDSource: Sendable {
    /// A new positive id, unique in the installation and roughly ordered by time; never used for ordering guarantees.
    func nextID() -> Int64
    /// `count` unpredictable bytes.
    func randomBytes(_ count: Int) -> [UInt8]
}
