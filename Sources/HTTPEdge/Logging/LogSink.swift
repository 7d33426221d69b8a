import NIOPosix
import ServiceLifecycle
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where log lines go: a file descriptor. While it runs as a service, lines are gathered and written every 50 ms, as a write
/// for each would cost more than a small request; before and after that, each is written at once.
package final class LogSink: Service {
    private struct State {
        var pending: [UInt8] = []
        var isGathering = false
    }

    /// Above this, whoever logs writes, so that a slow reader of the log slows the server instead of filling its memory.
    private static let most = 1 << 20
    private let descriptor: CInt
    private let state = Mutex(State())
    private let writing = Mutex(())

    /// Writes to `descriptor`, standard error by default.
    package init(descriptor: CInt = STDERR_FILENO) { self.descriptor = descriptor }

    /// True when a person reads it as it comes.
    package var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Appends `line`, which ends with a newline.
    package func append(_ line: [UInt8]) {
        let isDue = state.withLock { state in
            state.pending += line
            return !state.isGathering || state.pending.count > Self.most
        }
        if isDue { flush() }
    }

    /// Writes what is pending. Blocks.
    package func flush() {
        // The order of lines is kept by holding the outer lock over both.
        writing.withLock { _ in
            let bytes = state.withLock { state in
                let bytes = state.pending
                state.pending = []
                state.pending.reserveCapacity(bytes.count)
                return bytes
            }
            write(bytes)
        }
    }

    /// Gathers lines until the task is cancelled or the graceful shutdown; the last are written before it returns.
    package func run() async throws {
        state.withLock { $0.isGathering = true }
        defer {
            state.withLock { $0.isGathering = false }
            flush()
        }
        do {
            try await cancelWhenGracefulShutdown {
                while true {
                    try await Task.sleep(for: .milliseconds(50))
                    guard self.state.withLock({ !$0.pending.isEmpty }) else { continue }
                    try await NIOThreadPool.singleton.runIfActive { self.flush() }
                }
            }
        } catch is CancellationError {
            return
        }
    }

    private func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                #if canImport(Glibc)
                    let written = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
                #else
                    let written = Darwin.write(descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
                #endif
                if written > 0 {
                    offset += written
                } else if errno == EAGAIN {
                    var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = Glibc.poll(&poll, 1, 1000)
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}
