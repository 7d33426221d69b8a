import Foundation
import Synchronization

/// Shows on standard error how far a command has come: on a terminal by one line that changes, else by a line every ten seconds and
/// one at the end of each subject.
final class ProgressLine: Sendable {
    private struct State {
        var subject = ""
        var latest: ProgressBar?
        var began = ContinuousClock.now
        var shown: ContinuousClock.Instant?
    }

    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State())

    /// Shows `progress` of `subject`, unless something was shown a moment ago.
    func show(_ subject: String, _ progress: ProgressBar) {
        state.withLock { state in
            if state.subject != subject {
                finish(&state)
                state = State(subject: subject)
            }
            state.latest = progress
            let pause = isTerminal ? Duration.milliseconds(100) : .seconds(10)
            if let shown = state.shown ?? (isTerminal ? nil : state.began), .now - shown < pause { return }
            state.shown = .now
            write(state, end: isTerminal ? "" : "\n")
        }
    }

    /// Shows the last state of the last subject.
    func end() { state.withLock { finish(&$0) } }

    private func finish(_ state: inout State) {
        guard state.latest != nil else { return }
        write(state, end: "\n")
        state.latest = nil
    }

    private func write(_ state: State, end: String) {
        guard let progress = state.latest else { return }
        let subject = state.subject + String(repeating: " ", count: max(0, 10 - state.subject.count))
        let line = "\(subject) \(progress.text(after: .now - state.began))"
        // Back to the line's beginning, and away with what is longer of the old one.
        FileHandle.standardError.write(Data(((isTerminal ? "\r\u{1B}[K" : "") + line + end).utf8))
    }
}
