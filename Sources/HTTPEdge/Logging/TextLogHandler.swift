import Logging

/// Writes each log event as a line for people: time, level, message, `name=value`.
package struct TextLogHandler: LogHandler {
    package var logLevel: Logger.Level = .info
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let sink: LogSink

    package init(sink: LogSink, level: Logger.Level = .info) {
        self.sink = sink
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let fields = event.fields(metadata, metadataProvider)
        sink.append { line in
            LogTime.append(to: &line)
            line += " \(event.level) \(Self.oneLine(event.message.description))".utf8
            for (name, value) in fields { line += " \(name)=\(Self.oneLine(value.description))".utf8 }
            line.append(UInt8(ascii: "\n"))
        }
    }

    /// Control characters would let a client forge lines, or worse, speak to the terminal.
    private static func oneLine(_ text: String) -> String {
        // The second control block of Unicode, U+0080 to U+009F, begins with the byte C2.
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == 0xC2 }) else { return text }
        return text.unicodeScalars.map { $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0) }.joined()
    }
}
