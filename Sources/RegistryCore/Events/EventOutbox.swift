import OCI
import Stores

/// Where events are delivered.
package enum EventDestination: String, Hashable, Sendable, CaseIterable {
    case file, webhook

    /// The column that says whether an event has still to go there.
    var column: SQL {
        switch self {
        case .file: "to_file"
        case .webhook: "to_webhook"
        }
    }
}

/// Takes events down in the transaction of the change that they tell of: there is no change without its event, and no event
/// without its change. Where nothing wants events yet, the newest are kept for who will (`RegistryServices.claimEvents`).
package struct EventOutbox: Sendable {
    /// Who wants events.
    package let destinations: Set<EventDestination>
    private let ids: any IDSource

    init(destinations: Set<EventDestination>, ids: any IDSource) {
        self.destinations = destinations
        self.ids = ids
    }

    /// Takes `event` down, one row, after all earlier ones of the repository.
    func note(_ event: ImageEvent, in repository: Repository, _ transaction: any WriteTransaction) throws {
        // ECR Public sends no events.
        guard !repository.registry.isPublic else { return }
        try insert(event, in: repository, transaction)
    }

    /// Takes down that a blob is damaged, one row for each repository that holds it, of a hundred at most.
    func note(_ damage: DamageEvent, ofBlob blobID: Int64, _ transaction: any WriteTransaction) throws {
        let holders = try transaction.rows("SELECT repo_id FROM repo_blobs WHERE blob_id = \(blobID) ORDER BY repo_id LIMIT 100") { $0.integer(0) }
        for holder in holders {
            if let repository = try transaction.repository(rowID: holder) { try insert(damage, in: repository, transaction) }
        }
    }

    private func insert(_ event: some RegistryEvent, in repository: Repository, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO events (repo_id, at, to_file, to_webhook, body)
            VALUES (\(repository.rowID), \(transaction.now), \(destinations.contains(.file)), \(destinations.contains(.webhook)),
                \(event.body(id: ids.newUUID(), at: transaction.now, in: repository)))
            """)
    }
}

extension IDSource {
    /// A random UUID in lower case.
    func newUUID() -> String {
        var random = randomBytes(16)
        random[6] = random[6] & 0x0f | 0x40
        random[8] = random[8] & 0x3f | 0x80
        return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { Array(random[$0]).lowercaseHex }.joined(separator: "-")
    }
}
