import Dispatch
import Glibc
import Synchronization

/// The synchronization of a folder, by another thread while this one waits for the device, or by this one if no other has come to it.
final class FolderSync: Sendable {
    /// The descriptor, until a thread has taken it.
    private let work: Mutex<CInt?>
    private let failure = Mutex<SystemError?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    /// Of `folder`, which must stay open until `finish` has returned. With `starting`, another thread is asked for.
    init(_ folder: borrowing Folder, starting: Bool) {
        work = Mutex(folder.descriptor)
        if starting { DispatchQueue.global(qos: .userInitiated).async { self.run() } }
    }

    /// Returns when the folder is durable. To be called once, whatever else failed. Blocks.
    func finish() throws {
        run()
        isDone.wait()
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    private func run() {
        let descriptor = work.withLock { work in
            defer { work = nil }
            return work
        }
        guard let descriptor else { return }
        if fsync(descriptor) < 0 {
            let error = SystemError("fsync")
            failure.withLock { $0 = error }
        }
        isDone.signal()
    }
}
