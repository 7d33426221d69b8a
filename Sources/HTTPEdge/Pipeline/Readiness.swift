import Logging
import Synchronization

/// Whether the server can do its work. However many ask, the probes run once a second at most.
actor Readiness {
    enum State: Hashable, Sendable {
        /// The listeners are not all there, or what they announce is not written yet.
        case starting
        case ready
        /// Going down: the requests under way are finished, new ones should go elsewhere.
        case draining
        /// These probes failed.
        case failing([String])
    }

    private enum Phase: Int, AtomicRepresentable { case starting, serving, draining }

    private static let validity = Duration.seconds(1)
    private let probes: [(name: String, check: @Sendable () async throws -> Void)]
    private let log: Logger
    private nonisolated let phase = Atomic<Phase>(.starting)
    private var last: (moment: ContinuousClock.Instant, state: State)?
    /// Those who asked while the probes ran; nil when they do not run.
    private var waiting: [CheckedContinuation<State, Never>]?

    init(probes: [(name: String, check: @Sendable () async throws -> Void)], log: Logger) {
        self.probes = probes
        self.log = log
    }

    /// From now on the probes decide.
    nonisolated func start() { _ = phase.compareExchange(expected: .starting, desired: .serving, ordering: .acquiringAndReleasing) }

    /// From now on the server is not ready.
    nonisolated func drain() { phase.store(.draining, ordering: .releasing) }

    var state: State {
        get async {
            switch phase.load(ordering: .acquiring) {
            case .starting: return .starting
            case .draining: return .draining
            case .serving: break
            }
            if let last, .now - last.moment < Self.validity { return last.state }
            if waiting != nil { return await withCheckedContinuation { waiting?.append($0) } }
            waiting = []
            let state = await probed()
            last = (.now, state)
            for continuation in waiting ?? [] { continuation.resume(returning: state) }
            waiting = nil
            return state
        }
    }

    private func probed() async -> State {
        var failing: [String] = []
        for (name, check) in probes {
            do {
                try await check()
            } catch {
                failing.append(name)
                log.error("not ready", metadata: ["probe": "\(name)", "error": "\(String(reflecting: error))"])
            }
        }
        return failing.isEmpty ? .ready : .failing(failing)
    }
}
