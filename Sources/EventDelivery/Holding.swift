import Stores

/// The repositories whose next event did not arrive, and until when they wait: a second at first, twice as long after each failure, five
/// minutes at most. The others go on meanwhile.
package struct Holding: Sendable {
    private static let first = Duration.seconds(1)
    private static let longest = Duration.seconds(300)
    /// When so many wait, it is the destination that fails: then all wait.
    private static let most = 16

    private var failures: [Int64: (count: Int, until: Timestamp)] = [:]

    package init() {}

    /// The repositories that wait.
    func held(at now: Timestamp) -> [Int64] { failures.filter { $0.value.until > now }.keys.sorted() }

    /// True while nothing is to be tried at all.
    func holdsAll(at now: Timestamp) -> Bool { held(at: now).count >= Self.most }

    /// Notes that a repository's next event did not arrive.
    mutating func fail(_ repository: Int64, at now: Timestamp) {
        let count = failures[repository].map { $0.count + 1 } ?? 0
        failures[repository] = (count, now + min(Self.longest, Self.first * (1 << min(count, 10))))
    }

    /// Notes that its events arrive.
    mutating func succeed(_ repository: Int64) { failures[repository] = nil }
}
