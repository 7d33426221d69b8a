import Foundation
import Logging

/// How log lines look.
enum LogFormat: String, Sendable {
    /// `time level message key=value …`
    case text
    /// One JSON object a line, with `time`, `level`, `message` and the fields.
    case json
}

/// Writes each event as one line to standard error. Whatever a client sent is escaped, so it can neither end a line nor
/// make up a field.
struct LogLines: LogHandler {
    let format: LogFormat
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        FileHandle.standardError.write(Data((line(for: event, at: Date.now) + "\n").utf8))
    }

    /// The line of an event, without its end.
    func line(for event: LogEvent, at time: Date) -> String {
        var fields = event.metadata.map { metadata.merging($0) { $1 } } ?? metadata
        if let error = event.error { fields["error"] = "\(error)" }
        let sorted = fields.sorted { $0.key < $1.key }
        let stamp = time.formatted(.iso8601.year().month().day().timeZone(separator: .omitted).time(includingFractionalSeconds: true))
        switch format {
        case .text:
            let pairs = sorted.map { " \($0.key)=\(Self.bare("\($0.value)"))" }.joined()
            return "\(stamp) \(event.level) \(Self.escaped(event.message.description))\(pairs)"
        case .json:
            let pairs = sorted.map { ",\(Self.quoted($0.key)):\(Self.json($0.value))" }.joined()
            return "{\"time\":\"\(stamp)\",\"level\":\"\(event.level)\",\"message\":\(Self.quoted(event.message.description))\(pairs)}"
        }
    }

    private static func json(_ value: Logger.Metadata.Value) -> String {
        switch value {
        case .string(let text): quoted(text)
        case .stringConvertible(let number as Int): number.description
        case .stringConvertible(let number as Int64): number.description
        case .stringConvertible(let number as Double) where number.isFinite: number.description
        case .stringConvertible(let flag as Bool): flag.description
        case .stringConvertible(let other): quoted(other.description)
        case .array(let items): "[" + items.map(json).joined(separator: ",") + "]"
        case .dictionary(let fields):
            "{" + fields.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(json($0.value))" }.joined(separator: ",") + "}"
        }
    }

    /// As it stands when nothing in it could be mistaken for more than a value, else quoted.
    private static func bare(_ text: String) -> String {
        let plain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=") }
        return plain ? text : quoted(text)
    }

    private static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

    /// JSON's escapes for quotes, backslashes and everything that is not printed.
    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0x2028...0x202E).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
