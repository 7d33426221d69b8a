import Foundation
import Logging
import Testing

@testable import berth

@Suite struct LogLinesTests {
    private let time = Date(timeIntervalSince1970: 1_800_000_000.25)

    private func line(_ format: LogFormat, _ message: Logger.Message, _ metadata: Logger.Metadata) -> String {
        let event = LogEvent(level: .info, message: message, metadata: metadata, source: "test", file: "f", function: "f", line: 1)
        return LogLines(format: format, logLevel: .info).line(for: event, at: time)
    }

    @Test func textIsTimeLevelMessageAndSortedFields() {
        let line = line(.text, "request", ["status": "200", "action": "ecr:PutImage"])
        #expect(line == "2027-01-15T08:00:00.250Z info request action=ecr:PutImage status=200")
    }

    @Test func jsonIsOneObject() throws {
        let text = line(.json, "request", ["status": .stringConvertible(200), "path": "/v2/", "list": ["a", "b"], "map": ["k": "v"]])
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["time"] as? String == "2027-01-15T08:00:00.250Z")
        #expect(object["level"] as? String == "info")
        #expect(object["message"] as? String == "request")
        #expect(object["status"] as? Int == 200)
        #expect(object["list"] as? [String] == ["a", "b"])
        #expect(object["map"] as? [String: String] == ["k": "v"])
    }

    @Test(
        "Nothing that a client sends ends a line or makes up a field",
        arguments: ["a\nb", "a\r\nlevel=error", "a b=c", "a\"b", "\u{1B}[31m", "\u{2028}"])
    func escapes(value: String) throws {
        let text = line(.text, "request", ["agent": "\(value)"])
        #expect(text.hasPrefix("2027-01-15T08:00:00.250Z info request agent=\""))
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x2028 })
        let json = line(.json, "request", ["agent": "\(value)"])
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: String])
        #expect(object["agent"] == value)
        #expect(object.count == 4)
    }
}
