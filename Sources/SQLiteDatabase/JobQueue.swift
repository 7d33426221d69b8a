import Synchronization

/// Jobs that wait for a thread. The thread that drains the queue takes all it can at a time, which is what lets jobs share
/// a transaction; `add` says when a drain is to be started.
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
        var isDraining = false
        var isClosed = false
        var whenIdle: [CheckedContinuation<Void, Never>] = []

        var isIdle: Bool { !isDraining && jobs.isEmpty }
    }

    private let state = Mutex(State())
    private let batch: Int

    /// One drain runs at a time, and takes at most `batch` jobs at once.
    init(batch: Int) {
        self.batch = batch
    }

    func add(_ job: Job) -> Added {
        state.withLock { state in
            guard !state.isClosed else { return .closed }
            state.jobs.append(job)
            guard !state.isDraining else { return .waits }
            state.isDraining = true
            return .startsDrain
        }
    }

    /// The next jobs in the order they came, at least one; nil: the drain ends.
    func take() -> ArraySlice<Job>? {
        let (jobs, idle) = state.withLock { state -> (ArraySlice<Job>?, [CheckedContinuation<Void, Never>]) in
            if state.jobs.isEmpty {
                state.isDraining = false
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

    /// Refuses new jobs and returns when the drain has ended.
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
