import Logging

/// A line for people: time, level, message, `name=value`.
enum TextLogLine {
    static func append(_ event: LogEvent, _ fields: [(String, Logger.MetadataValue)], to line: inout [UInt8]) {
        LogTime.append(to: &line)
        line += " \(event.level) \(oneLine(event.message.description))".utf8
        for (name, value) in fields { line += " \(name)=\(oneLine(value.description))".utf8 }
        line.append(UInt8(ascii: "\n"))
    }

    /// Control characters would let a client forge lines, or worse, speak to the terminal.
    private static func oneLine(_ text: String) -> String {
        // The second control block of Unicode, U+0080 to U+009F, begins with the byte C2.
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == 0xC2 }) else { return text }
        return text.unicodeScalars.map { $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0) }.joined()
    }
}
