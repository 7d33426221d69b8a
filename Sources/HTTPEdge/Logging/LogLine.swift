import Logging

/// One line of the log as it is written: what it says first, then its fields in order of their names.
struct LogLine {
    private let format: LogFormat
    private var bytes: [UInt8] = []

    init(_ format: LogFormat, _ level: Logger.Level, _ message: String) {
        self.format = format
        bytes.reserveCapacity(512)
        switch format {
        case .text: TextLogLine.begin(level, message, &bytes)
        case .json: JSONLogLine.begin(level, message, &bytes)
        }
    }

    mutating func field(_ name: String, _ value: String) {
        switch format {
        case .text: TextLogLine.field(name, value, &bytes)
        case .json: JSONLogLine.field(name, value, &bytes)
        }
    }

    mutating func field(_ name: String, _ value: Int64) {
        switch format {
        case .text: TextLogLine.field(name, String(value), &bytes)
        case .json: JSONLogLine.field(name, value, &bytes)
        }
    }

    mutating func field(_ name: String, _ value: Logger.MetadataValue) {
        switch format {
        case .text: TextLogLine.field(name, value.description, &bytes)
        case .json: JSONLogLine.field(name, value, &bytes)
        }
    }

    /// The whole line.
    consuming func end() -> [UInt8] {
        switch format {
        case .text: bytes.append(UInt8(ascii: "\n"))
        case .json: bytes += "}\n".utf8
        }
        return bytes
    }
}
