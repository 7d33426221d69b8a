import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The lock of a data folder; the kernel gives it back when its process ends, however it ends.
final class FolderLock: Sendable {
    private let descriptor: CInt

    /// Takes the lock of `folder`. Throws `Refusal`, with the holder's process id, when another process has it.
    init(of folder: DataFolder) throws {
        let descriptor = open(folder.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Refusal("The lock \(folder.lock) cannot be opened: \(String(cString: strerror(errno))).") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw Refusal(
                "The data folder \(folder.path) is in use by \(Self.holder(of: folder)). Stop it first, or name another folder with --data.")
        }
        self.descriptor = descriptor
        let text = "\(getpid())\n"
        ftruncate(descriptor, 0)
        _ = text.withCString { write(descriptor, $0, strlen($0)) }
    }

    deinit { close(descriptor) }

    private static func holder(of folder: DataFolder) -> String {
        let text = (try? String(contentsOfFile: folder.lock, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        return text.isEmpty ? "another process" : "process \(text)"
    }
}
