import HTTPEdge
import Logging

/// How log lines look.
enum LogFormat: String, Sendable {
    /// `time level message key=value …`
    case text
    /// One JSON object a line, with `time`, `level`, `message` and the fields.
    case json
}

extension Settings {
    /// A logger that writes to `sink` as set, here and in every module. Called once in a process.
    func logger(to sink: LogSink) -> Logger {
        LoggingSystem.bootstrap { _ in
            switch logFormat {
            case .text: TextLogHandler(sink: sink, level: logLevel)
            case .json: JSONLogHandler(sink: sink, level: logLevel)
            }
        }
        return Logger(label: "berth")
    }
}
