import Synchronization

/// Jobs that wait for a thread. A thread that drains the queue takes all it can at a time, which is what lets jobs share
/// a transaction; `add` says when another drain is to be started.
final class JobQueue<Job: Sendable>: Sendable {
    enum Added {
        /// A running drain will take it.
        case waits
        /// The caller must start a drain, which calls `take` until it gets nil.
        case startsDrain
        /// The queue takes no more jobs.
        case closed
    }

    private struct State {
        var jobs: [Job] = []
        var drains = 0
        var isClosed = false
        var whenIdle: [CheckedContinuation<Void, Never>] = []

        var isIdle: Bool { drains == 0 && jobs.isEmpty }
    }

    private let state = Mutex(State())
    private let drains: Int
    private let batch: Int

    /// At most `drains` run at a time, and take at most `batch` jobs at once.
    init(drains: Int, batch: Int) {
        self.drains = drains
        self.batch = batch
    }

    func add(_ job: Job) -> Added {
        state.withLock { state in
            guard !state.isClosed else { return .closed }
            state.jobs.append(job)
            guard state.drains < drains else { return .waits }
            state.drains += 1
            return .startsDrain
        }
    }

    /// The next jobs in the order they came, at least one; nil: the drain ends.
    func take() -> ArraySlice<Job>? {
        let (jobs, idle) = state.withLock { state -> (ArraySlice<Job>?, [CheckedContinuation<Void, Never>]) in
            if state.jobs.isEmpty {
                state.drains -= 1
                guard state.isIdle else { return (nil, []) }
                defer { state.whenIdle = [] }
                return (nil, state.whenIdle)
            }
            let jobs = state.jobs.prefix(batch)
            state.jobs.removeFirst(jobs.count)
            return (jobs, [])
        }
        for waiter in idle { waiter.resume() }
        return jobs
    }

    /// Refuses new jobs and returns when the last drain has ended.
    func close() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.isClosed = true
                if !state.isIdle { state.whenIdle.append(continuation) }
                return state.isIdle
            }
            if isIdle { continuation.resume() }
        }
    }
}
