import CProcessors
import Dispatch
import Synchronization

/// Work that another thread does, if it comes to it in time.
final class SharedWork: Sendable {
    private let work: Mutex<(@Sendable () -> Void)?>
    private let isDone = DispatchSemaphore(value: 0)

    init(_ work: @escaping @Sendable () -> Void) { self.work = Mutex(work) }

    /// Asks another thread to do it.
    func share() {
        let processor = current_processor()
        DispatchQueue.global(qos: .userInitiated).async { self.run(awayFrom: processor) }
    }

    /// Does the work, unless it was begun; on another processor than the given one, if there is another.
    private func run(awayFrom processor: CInt? = nil) {
        let work = self.work.withLock { work in
            defer { work = nil }
            return work
        }
        guard let work else { return }
        // A scheduler may wake a thread where the one runs that wakes it, though another processor has nothing to do.
        var before = cpu_set_t()
        let hasMoved = processor.map { leave_processor($0, &before) == 1 } ?? false
        work()
        isDone.signal()
        if hasMoved { stay_away_no_longer(&before) }
    }

    /// Returns when the work is done: by this thread, where no other has begun it.
    func finish() {
        run()
        isDone.wait()
    }
}
