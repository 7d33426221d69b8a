import Logging

/// A line for people: time, level, message, `name=value`.
enum TextLogLine {
    static func begin(_ level: Logger.Level, _ message: String, _ line: inout [UInt8]) {
        LogTime.append(to: &line)
        line.append(UInt8(ascii: " "))
        line += level.rawValue.utf8
        line.append(UInt8(ascii: " "))
        append(message, &line)
    }

    static func field(_ name: String, _ value: String, _ line: inout [UInt8]) {
        line.append(UInt8(ascii: " "))
        line += name.utf8
        line.append(UInt8(ascii: "="))
        append(value, &line)
    }

    /// Control characters would let a client forge lines, or worse, speak to the terminal.
    private static func append(_ text: String, _ line: inout [UInt8]) {
        var text = text
        let isPlain = text.withUTF8 { bytes in
            // The second control block of Unicode, U+0080 to U+009F, begins with the byte C2.
            guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == 0xC2 }) else { return false }
            line.append(contentsOf: bytes)
            return true
        }
        guard !isPlain else { return }
        line += text.unicodeScalars.map { $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0) }.joined().utf8
    }
}
