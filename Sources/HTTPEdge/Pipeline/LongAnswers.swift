import Foundation
import NIOPosix

/// Runs tasks on threads of their own whose priority is lower than that of all others: one who asks for page after page takes what the machine has
/// left, and no other request waits for him (`docs/decisions/0030-pages-have-a-lower-priority.md`).
final class LongAnswers: TaskExecutor {
    static let shared = LongAnswers()

    /// As `nice` has it: a third of the share of the process's other threads, where there is not enough for all.
    private static let priority = getpriority(process, id_t(getpid())) + 5
    private static let process = __priority_which_t(PRIO_PROCESS.rawValue)

    private let threads = NIOThreadPool(numberOfThreads: ProcessInfo.processInfo.activeProcessorCount)

    private init() { threads.start() }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        threads.submit { _ in
            // Of this thread alone, as Linux has it. Where it is not allowed, they are as the others.
            _ = setpriority(Self.process, 0, Self.priority)
            job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }
}
