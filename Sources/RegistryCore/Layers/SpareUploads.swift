import OCI
import Stores
import Synchronization

/// Upload sessions that were begun together with another one, for those who ask for one next: where many blobs are pushed one after the other, their
/// sessions share a commit. They are like any other, but nobody was told of them yet.
final class SpareUploads: Sendable {
    /// A repository and its key: a session is sealed under one.
    struct Place: Hashable {
        private let repository: Int64
        private let keyNumber: Int64

        init(_ repository: Repository) {
            self.repository = repository.rowID
            keyNumber = repository.keyNumber
        }
    }

    private struct Demand {
        /// When the second began in which sessions are counted.
        var since: Timestamp
        /// How many were asked for in it.
        var count = 0
        var spare: [(id: String, until: Timestamp)] = []
    }

    /// How long a session may wait for a client. It lives longer by that.
    static let wait = Duration.seconds(60)
    /// How many are begun together, once so many were asked for within a second.
    private static let together = 16
    private static let least = 8
    private static let mostPlaces = 256

    private let demands = Mutex<[Place: Demand]>([:])

    /// A session that waits; nil: so many are to be begun, one of them for whoever asks.
    func take(in place: Place, at now: Timestamp) -> (id: String?, toBegin: Int) {
        demands.withLock { demands in
            guard demands[place] != nil || demands.count < Self.mostPlaces else { return (nil, 1) }
            var demand = demands[place] ?? Demand(since: now)
            defer { demands[place] = demand }
            if now > demand.since + .seconds(1) || now < demand.since { demand = Demand(since: now, spare: demand.spare) }
            demand.count += 1
            // What has waited too long is left to `takeLeftOver`.
            if let next = demand.spare.last, next.until > now {
                demand.spare.removeLast()
                return (next.id, 0)
            }
            return (nil, demand.count > Self.least ? Self.together : 1)
        }
    }

    /// Keeps sessions that were begun at `now`.
    func keep(_ ids: some Sequence<String>, in place: Place, at now: Timestamp) {
        demands.withLock { $0[place]?.spare += ids.map { (id: $0, until: now + Self.wait) } }
    }

    /// The sessions that have waited too long by `now`, of which nobody will be told any more.
    func takeLeftOver(at now: Timestamp) -> [String] {
        demands.withLock { demands in
            var leftOver: [String] = []
            for (place, demand) in demands {
                leftOver += demand.spare.filter { $0.until <= now }.map(\.id)
                let rest = demand.spare.filter { $0.until > now }
                demands[place] = rest.isEmpty && now > demand.since + Self.wait ? nil : Demand(since: demand.since, count: demand.count, spare: rest)
            }
            return leftOver
        }
    }
}

extension RegistryServices {
    /// Ends the sessions that wait for a client for too long; with `all` those too that have just begun to. Returns how many there were.
    package func endSpareUploads(all: Bool = false) async throws -> Int {
        let ids = spareUploads.takeLeftOver(at: all ? Timestamp(milliseconds: .max / 2) : clock.now)
        guard !ids.isEmpty else { return 0 }
        // No byte of them was ever written.
        try await database.writeAside { try $0.execute("DELETE FROM uploads WHERE id IN \(list: ids) AND off = 0 AND state = 0") }
        return ids.count
    }
}
