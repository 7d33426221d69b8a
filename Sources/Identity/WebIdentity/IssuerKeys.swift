import JWTKit
import Stores

/// The keys of issuers that were fetched before. A key id that is not among them has the issuer asked again, but not more
/// often than the pauses here: the ids come from strangers.
actor IssuerKeys {
    /// How long a key set is believed.
    private static let freshness = Duration.seconds(3600)
    /// How long it serves while the issuer cannot be reached.
    private static let staleness = Duration.seconds(24 * 3600)
    /// Between two questions to an issuer that answers.
    private static let pause = Duration.seconds(30)
    /// Between two questions to one that fails: doubled each time from one second, at most this.
    private static let longestPause = Duration.seconds(300)
    private static let capacity = 1024

    private struct Entry {
        var keys: KeySet?
        var fetchedAt: Timestamp?
        var askedAt: Timestamp?
        var failures = 0
        var lastFailure = ""
        var isBeingAsked = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let source: any IssuerKeySource
    private let clock: any WallClock
    private var entries: [String: Entry] = [:]

    init(source: any IssuerKeySource, clock: any WallClock) {
        self.source = source
        self.clock = clock
    }

    /// The key for `header` of the issuer. Throws `WebIdentityRefusal`.
    func key(for header: UnverifiedToken.Header, of issuer: String) async throws -> JWK {
        if let key = known(header, of: issuer, within: Self.freshness) { return key }
        await refresh(issuer)
        if let key = known(header, of: issuer, within: Self.staleness) { return key }
        guard let entry = entries[issuer], entry.failures > 0 else { throw WebIdentityRefusal.badSignature }
        throw WebIdentityRefusal.unreachable(entry.lastFailure)
    }

    /// Asks the issuer, or waits for whoever asks it already; does nothing while it is too soon to ask again.
    private func refresh(_ issuer: String) async {
        var entry = entries[issuer] ?? Entry()
        if entry.isBeingAsked { return await withCheckedContinuation { entries[issuer]?.waiting.append($0) } }
        let pause = entry.failures == 0 ? Self.pause : min(.seconds(1 << min(entry.failures - 1, 10)), Self.longestPause)
        if let askedAt = entry.askedAt, clock.now < askedAt + pause { return }
        if entries.count >= Self.capacity { entries = entries.filter { $0.value.isBeingAsked } }
        entry.isBeingAsked = true
        entries[issuer] = entry

        do {
            let keys = KeySet(try await source.keySet(of: issuer))
            guard !keys.isEmpty else { throw IssuerUnreachable("The key set of \(issuer) has no key for signatures.") }
            entries[issuer]?.keys = keys
            entries[issuer]?.fetchedAt = clock.now
            entries[issuer]?.failures = 0
        } catch {
            entries[issuer]?.failures += 1
            entries[issuer]?.lastFailure = "\(error)"
        }
        entries[issuer]?.askedAt = clock.now
        entries[issuer]?.isBeingAsked = false
        let waiting = entries[issuer]?.waiting ?? []
        entries[issuer]?.waiting = []
        for waiter in waiting { waiter.resume() }
    }

    private func known(_ header: UnverifiedToken.Header, of issuer: String, within age: Duration) -> JWK? {
        guard let entry = entries[issuer], let fetchedAt = entry.fetchedAt, clock.now < fetchedAt + age else { return nil }
        return entry.keys?.key(for: header)
    }
}
