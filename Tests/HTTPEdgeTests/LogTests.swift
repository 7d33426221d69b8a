import Foundation
import HTTPEdge
import Logging
import TestSupport
import Testing

@Suite struct LogTests {
    private func logger(_ capture: LogCapture) -> Logger { Logger(label: "t") { _ in LineLogHandler(sink: capture.sink, format: .json) } }

    @Test func linesAreJSONWhateverIsInThem() throws {
        let capture = LogCapture()
        var log = logger(capture)
        log[metadataKey: "own"] = "kept"
        let nasty = "quote \" slash \\ newline \n tab \t nul \u{0} bell \u{7} del \u{7f} ü 漢 🐳"
        log.info("\(nasty)", metadata: ["value": "\(nasty)", "number": .stringConvertible(42), "list": ["a", "b"], "map": ["k": "v"]])
        log.debug("below the level")
        let lines = capture.text.split(separator: "\n")
        #expect(lines.count == 1)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
        #expect(object["message"] as? String == nasty)
        #expect(object["value"] as? String == nasty)
        #expect(object["number"] as? Int == 42)
        #expect(object["list"] as? [String] == ["a", "b"])
        #expect(object["map"] as? [String: String] == ["k": "v"])
        #expect(object["own"] as? String == "kept")
        #expect(object["level"] as? String == "info")
        let time = try Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(try #require(object["time"] as? String))
        #expect(abs(time.timeIntervalSinceNow) < 5)
    }

    @Test func textLinesCannotBeForged() {
        let capture = LogCapture()
        let log = Logger(label: "t") { _ in LineLogHandler(sink: capture.sink, format: .text) }
        log.info("path", metadata: ["path": "/a\n2026-01-01 info forged\u{1b}[2J"])
        #expect(capture.text.split(separator: "\n").count == 1)
        #expect(!capture.text.contains("\u{1b}"))
    }

    @Test func gatheredLinesAreWrittenAndNoneIsLost() async throws {
        let capture = LogCapture()
        let log = logger(capture)
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await capture.sink.run() }
            await withTaskGroup(of: Void.self) { writers in
                for writer in 0..<8 {
                    writers.addTask { for line in 0..<500 { log.info("x", metadata: ["n": "\(writer)-\(line)"]) } }
                }
            }
            group.cancelAll()
        }
        #expect(Set(capture.text.split(separator: "\n")).count == 4000)
    }
}
