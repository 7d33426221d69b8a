import Logging

/// How log lines look.
package enum LogFormat: String, Sendable {
    /// `time level message key=value …`
    case text
    /// One JSON object a line, with `time`, `level`, `message` and the fields.
    case json
}

/// Writes each log event as one line to a sink.
package struct LineLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let sink: LogSink
    private let format: LogFormat

    package init(sink: LogSink, format: LogFormat, level: Logger.Level = .info) {
        self.sink = sink
        self.format = format
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let fields = event.fields(metadata, metadataProvider)
        append(event.level, event.message.description) { line in
            for (name, value) in fields { line.field(name, value) }
        }
    }

    /// True when the lines of this handler have no fields but their own.
    var isPlain: Bool { metadata.isEmpty && metadataProvider == nil }

    /// Writes one line with the fields that `fields` adds, in order of their names.
    func append(_ level: Logger.Level, _ message: String, _ fields: (inout LogLine) -> Void) {
        var line = LogLine(format, level, message)
        fields(&line)
        sink.append(line.end())
    }
}

extension LogEvent {
    /// All metadata of this event, the more special winning, in order of their names; the error is one of them.
    fileprivate func fields(_ own: Logger.Metadata, _ provider: Logger.MetadataProvider?) -> [(String, Logger.MetadataValue)] {
        var all = own
        if let provider { all.merge(provider.get()) { $1 } }
        if let metadata { if all.isEmpty { all = metadata } else { all.merge(metadata) { $1 } } }
        if let error { all["error"] = .string(String(reflecting: error)) }
        return all.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
