import CProcessors
import Foundation
import NIOPosix
import Synchronization

/// Runs tasks on threads of their own that give way to all others: one who asks for page after page takes what
/// the machine has left (`docs/decisions/0030-pages-have-a-lower-priority.md`).
///
/// Their priority is lower, and one that nevertheless stood in the way of short requests rests afterwards. Priority alone does not do: each time a thread of whatever
/// priority begins, it keeps others waiting until the kernel's next look at who is to run.
final class LongAnswers: TaskExecutor {
    static let shared = LongAnswers()

    /// As `nice` has it: a tenth of the share of the process's other threads, where there is not enough for all.
    private static let priority = getpriority(process, id_t(getpid())) + 10
    private static let process = __priority_which_t(PRIO_PROCESS.rawValue)

    /// Half of the processors: the others are never kept waiting by all of them.
    private let threads = NIOThreadPool(numberOfThreads: max(ProcessInfo.processInfo.activeProcessorCount / 2, 1))

    /// How many short requests have begun.
    private let shortRequests = Atomic<UInt64>(0)

    private init() { threads.start() }

    /// To be told of each request that is answered on the thread of its connection.
    func shortRequestBegins() { shortRequests.wrappingAdd(1, ordering: .relaxed) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        threads.submit { _ in
            // Of this thread alone, as Linux has it. Where it is not allowed, they are as the others.
            _ = setpriority(Self.process, 0, Self.priority)
            let (began, before, others) = (ContinuousClock.now, processor_use(), self.shortRequests.load(ordering: .relaxed))
            job.runSynchronously(on: self.asUnownedTaskExecutor())
            let (took, after) = (ContinuousClock.now - began, processor_use())
            let rest = Self.rest(
                after: took, running: .nanoseconds(after.nanoseconds - before.nanoseconds), interruptions: after.interruptions - before.interruptions,
                others: self.shortRequests.load(ordering: .relaxed) &- others)
            if rest > .zero { Thread.sleep(forTimeInterval: rest / .seconds(1)) }
        }
    }

    /// Eight times as long as a job waited for a processor, 50 milliseconds at most, so that some go on whatever else runs. One that nobody interrupted waited for
    /// the disk, and beside one that no short request began during there was nobody to give way to.
    static func rest(after took: Duration, running: Duration, interruptions: Int64, others: UInt64) -> Duration {
        let waited = took - running
        guard interruptions > 0, others > 0, waited > .microseconds(100) else { return .zero }
        return min(waited * 8, .milliseconds(50))
    }
}
