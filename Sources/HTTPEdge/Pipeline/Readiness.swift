import Logging
import Synchronization

/// Whether the server can do its work; a check's result is good for five seconds.
actor Readiness {
    enum State: Hashable, Sendable {
        case ready
        /// Going down: the requests under way are finished, new ones should go elsewhere.
        case draining
        /// These probes failed.
        case failing([String])
    }

    private static let validity = Duration.seconds(5)
    private let probes: [(name: String, check: @Sendable () async throws -> Void)]
    private let log: Logger
    private nonisolated let isDraining = Atomic<Bool>(false)
    private var last: (moment: ContinuousClock.Instant, state: State)?

    init(probes: [(name: String, check: @Sendable () async throws -> Void)], log: Logger) {
        self.probes = probes
        self.log = log
    }

    /// From now on the server is not ready.
    nonisolated func drain() { isDraining.store(true, ordering: .releasing) }

    var state: State {
        get async {
            if isDraining.load(ordering: .acquiring) { return .draining }
            if let last, .now - last.moment < Self.validity { return last.state }
            var failing: [String] = []
            for (name, check) in probes {
                do {
                    try await check()
                } catch {
                    failing.append(name)
                    log.error("not ready", metadata: ["probe": "\(name)", "error": "\(String(reflecting: error))"])
                }
            }
            let state: State = failing.isEmpty ? .ready : .failing(failing)
            last = (.now, state)
            return state
        }
    }
}
