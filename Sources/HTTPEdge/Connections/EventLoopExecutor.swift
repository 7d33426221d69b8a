import NIOCore

/// Runs tasks on the event loop of their connection: a request that is answered from memory then never changes threads,
/// which costs more than answering it (`docs/decisions/0009-small-answers-stay-on-the-event-loop.md`).
final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
