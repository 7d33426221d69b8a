import Foundation
import NIOPosix
import RegistryCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Appends events to a file, one JSON object a line, durable before they count as delivered. The file is opened anew for each
/// batch, so it can be renamed away at any time.
package struct FileTarget: EventTarget {
    private let path: String

    /// The file is made when it is not there, for its owner only.
    package init(path: String) { self.path = path }

    /// Makes the file when it is not there. Throws a sentence on why it cannot be written. Blocks.
    package func check() throws { try append("", to: path) }

    package var destination: EventDestination { .file }

    package func groups(of events: [PendingEvent]) -> [[PendingEvent]] { [events] }

    package func deliver(_ events: [PendingEvent]) async -> Arrival {
        let text = events.map { $0.body + "\n" }.joined()
        do {
            try await NIOThreadPool.singleton.runIfActive { [path] in try append(text, to: path) }
            return Arrival(count: events.count)
        } catch {
            return Arrival(count: 0, failure: error)
        }
    }
}

private func append(_ text: String, to path: String) throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw DeliveryFailure("\(path) cannot be opened: \(String(cString: strerror(errno))).") }
    defer { close(descriptor) }
    let file = FileHandle(fileDescriptor: descriptor)
    let size = try file.seekToEnd()
    // A line that a crash or a full disk cut off must not swallow the next one; its event comes again whole.
    if size > 0 {
        try file.seek(toOffset: size - 1)
        if try file.read(upToCount: 1) != Data("\n".utf8) { try file.write(contentsOf: Data("\n".utf8)) }
    }
    try file.write(contentsOf: Data(text.utf8))
    try file.synchronize()
}
