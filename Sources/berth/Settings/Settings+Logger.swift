import HTTPEdge
import Logging

extension Settings {
    /// A logger that writes to `sink` as set, here and in every module. Called once in a process.
    func logger(to sink: LogSink) -> Logger {
        LoggingSystem.bootstrap { _ in LineLogHandler(sink: sink, format: logFormat, level: logLevel) }
        return Logger(label: "berth")
    }
}
