import Foundation

/// A program to run, its output going to a file.
struct Command: Sendable {
    var arguments: [String]
    var environment: [String: String]
    /// Where standard output goes; standard error goes to the same path with `.errors` behind it.
    var output: String

    /// Starts it; `ended` gets the exit status, or 128 and the number of the signal.
    func start(ended: @escaping @Sendable (Int32) -> Void) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        let files = [try Self.file(output), try Self.file(output + ".errors")]
        // The process has its own. Foundation keeps those given to it as long as it pleases, and reads past a buffer when there are too many.
        defer { for file in files { try? file.close() } }
        (process.standardOutput, process.standardError) = (files[0], files[1])
        process.terminationHandler = { ended($0.terminationReason == .exit ? $0.terminationStatus : 128 + $0.terminationStatus) }
        try process.runWithSignals()
        return process
    }

    /// Runs it to its end and returns its exit status.
    func run() async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            do { _ = try start { continuation.resume(returning: $0) } } catch { continuation.resume(throwing: error) }
        }
    }

    private static func file(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path) else {
            throw CocoaError(.fileWriteUnknown)
        }
        return file
    }
}

extension Process {
    /// Starts the process with no signal blocked, as a shell does. It would inherit the mask of this thread, and Dispatch's threads block
    /// nearly all of them.
    func runWithSignals() throws {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try run()
    }
}

/// The text of a file, or the last of it; empty when there is no such file.
func text(of path: String, last: Int = .max) -> String {
    guard let data = FileManager.default.contents(atPath: path) else { return "" }
    return String(decoding: data.suffix(last), as: UTF8.self)
}
