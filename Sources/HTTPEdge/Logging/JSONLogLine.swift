import Logging

/// One JSON object: `time`, `level`, `message`, then the metadata in order of their names.
enum JSONLogLine {
    static func begin(_ level: Logger.Level, _ message: String, _ line: inout [UInt8]) {
        line += "{\"time\":\"".utf8
        LogTime.append(to: &line)
        line += "\",\"level\":\"".utf8
        line += level.rawValue.utf8
        line += "\",\"message\":".utf8
        append(message, to: &line)
    }

    static func field(_ name: String, _ value: Logger.MetadataValue, _ line: inout [UInt8]) {
        begin(name, &line)
        append(value, to: &line)
    }

    static func field(_ name: String, _ value: String, _ line: inout [UInt8]) {
        begin(name, &line)
        append(value, to: &line)
    }

    static func field(_ name: String, _ value: Int64, _ line: inout [UInt8]) {
        begin(name, &line)
        line += String(value).utf8
    }

    private static func begin(_ name: String, _ line: inout [UInt8]) {
        line.append(UInt8(ascii: ","))
        append(name, to: &line)
        line.append(UInt8(ascii: ":"))
    }

    private static func append(_ value: Logger.MetadataValue, to line: inout [UInt8]) {
        switch value {
        case .string(let text): append(text, to: &line)
        case .stringConvertible(let number as Int): line += String(number).utf8
        case .stringConvertible(let number as Int64): line += String(number).utf8
        case .stringConvertible(let other): append(other.description, to: &line)
        case .array(let values):
            line.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                append(value, to: &line)
            }
            line.append(UInt8(ascii: "]"))
        case .dictionary(let values):
            line.append(UInt8(ascii: "{"))
            for (index, (name, value)) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                append(name, to: &line)
                line.append(UInt8(ascii: ":"))
                append(value, to: &line)
            }
            line.append(UInt8(ascii: "}"))
        }
    }

    /// `text` as a JSON string (RFC 8259 section 7).
    private static func append(_ text: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): line += #"\""#.utf8
            case UInt8(ascii: "\\"): line += #"\\"#.utf8
            case UInt8(ascii: "\n"): line += #"\n"#.utf8
            case UInt8(ascii: "\r"): line += #"\r"#.utf8
            case UInt8(ascii: "\t"): line += #"\t"#.utf8
            case 0..<0x20, 0x7f:
                line += #"\u00"#.utf8
                for digit in [byte >> 4, byte & 15] { line.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10) }
            default: line.append(byte)
            }
        }
        line.append(UInt8(ascii: "\""))
    }
}
