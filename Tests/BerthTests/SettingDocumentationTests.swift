import Foundation
import Testing

@testable import berth

@Suite struct SettingDocumentationTests {
    @Test func everySettingIsAnOptionOfServe() throws {
        let help = Berth.helpMessage(for: Serve.self, columns: 200)
        for setting in Setting.all {
            #expect(help.contains("--\(setting.name) "), "--\(setting.name)")
            #expect(help.contains(setting.environmentName), "\(setting.environmentName)")
        }
        // A flag that is in no setting would have no variable and no line in the file.
        let flags = Set(help.matches(of: #/--([a-z-]+) /#).map { String($0.1) })
        #expect(flags.subtracting(Setting.all.map(\.name)).subtracting(["config", "version", "help"]).isEmpty)
    }

    @Test func theTableInTheDocumentsIsTheListOfSettings() throws {
        let document = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../docs/configuration.md")
        let text = try String(contentsOf: document, encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
        #expect(rows == Setting.all.map(row))
    }

    private func row(of setting: Setting) -> String {
        let form = setting.form == .list ? ", a list" : ""
        let value = setting.form == .flag ? "true or false" : setting.placeholder
        return "| `\(setting.name)` | `\(setting.environmentName)` | \(value)\(form) | \(setting.fallback) | \(setting.summary). |"
    }
}
