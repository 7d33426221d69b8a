import RegistryCore

/// Takes events somewhere.
package protocol EventTarget: Sendable {
    var destination: EventDestination { get }

    /// `events` in groups that can be delivered at the same time; each repository's are in one group, in their order.
    func groups(of events: [PendingEvent]) -> [[PendingEvent]]

    /// Delivers one group in its order. Returns how many arrived, and why the next one did not.
    func deliver(_ events: [PendingEvent]) async -> Arrival
}

/// What became of a group of events.
package struct Arrival: Sendable {
    /// The first so many arrived.
    package let count: Int
    /// Nil when all arrived.
    package let failure: (any Error)?

    package init(count: Int, failure: (any Error)? = nil) {
        self.count = count
        self.failure = failure
    }
}

/// Why a target did not take an event; a sentence for the log.
struct DeliveryFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
