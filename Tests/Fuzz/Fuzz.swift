import CLibFuzzer
import Foundation
import FuzzTargets
import Synchronization

/// `PARSER=NAME fuzz OPTIONS…`, the options libFuzzer's: tries inputs on one parser until an option ends it, or a promise is broken; without a name,
/// lists them. See `scripts/fuzz`.
@main struct Fuzz {
    /// A bare function would be wrapped once more whenever the mutex gives it out, and every input take longer than the last.
    private struct Prepared {
        let run: FuzzTarget.Run
    }

    /// What libFuzzer calls, which takes a C function and nothing with it.
    private static let prepared = Mutex<Prepared?>(nil)

    static func main() async throws {
        // Not an argument: libFuzzer starts this program again, with its own options alone, to merge corpora.
        guard let name = ProcessInfo.processInfo.environment["PARSER"], let target = FuzzTarget.all.first(where: { $0.name == name }) else {
            print(FuzzTarget.all.map(\.name).joined(separator: "\n"))
            return
        }
        let run = try await target.prepare()
        prepared.withLock { $0 = Prepared(run: run) }
        await withCheckedContinuation { continuation in
            // Its thread waits for each input, and must not be one of those that inputs are tried on.
            DispatchQueue(label: "fuzz").async {
                drive(CommandLine.arguments)
                continuation.resume()
            }
        }
    }

    private static func drive(_ arguments: [String]) {
        var count = CInt(arguments.count)
        var texts: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        texts.withUnsafeMutableBufferPointer { buffer in
            var pointer = buffer.baseAddress
            let status = LLVMFuzzerRunDriver(&count, &pointer) { data, size in
                Fuzz.attempt(Array(UnsafeBufferPointer(start: data, count: size)))
                return 0
            }
            exit(status)
        }
    }

    private static func attempt(_ input: [UInt8]) {
        guard let run = prepared.withLock({ $0 })?.run else { preconditionFailure("nothing was prepared") }
        let isOver = DispatchSemaphore(value: 0)
        Task {
            do { _ = try await run(input) } catch { preconditionFailure("\(error)") }
            isOver.signal()
        }
        isOver.wait()
    }
}
