import Foundation
import Identity
import Logging
import TestSupport
import Testing

@testable import berth

/// What a first start leaves: one secret of chance, for the owner of the folder alone, and nobody else who could come in.
@Suite struct FreshStartTests {
    private func start(_ body: (Installation, String) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "berth-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let settings = try Settings(from: [.flags([.data: [path], .account: ["123456789012"]])])
        let installation = try await Installation.open(settings, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await installation.makeFirstRootKey()
        try await body(installation, path)
        try await installation.close()
    }

    @Test func thereAreNoDefaultCredentials() async throws {
        var secrets: Set<String> = []
        for _ in 0..<2 {
            try await start { installation, path in
                let rows = try await installation.services.database.read { transaction in
                    (
                        keys: try transaction.rows("SELECT principal FROM access_keys") { $0.text(0) },
                        others: try transaction.first("SELECT COUNT(*) FROM entities") { $0.integer(0) }
                    )
                }
                #expect(rows.keys.count == 1 && rows.others == 0, "\(rows)")
                let file = path + "/client-credentials"
                let attributes = try FileManager.default.attributesOfItem(atPath: file)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
                #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o700)
                secrets.insert(try String(contentsOfFile: file, encoding: .utf8))
            }
        }
        #expect(secrets.count == 2, "every installation has a secret of its own")
    }

    /// A second start makes no second key.
    @Test func aStartMakesNoKeyWhereThereIsOne() async throws {
        try await start { installation, path in
            let first = try String(contentsOfFile: path + "/client-credentials", encoding: .utf8)
            try await installation.makeFirstRootKey()
            #expect(try String(contentsOfFile: path + "/client-credentials", encoding: .utf8) == first)
        }
    }

    /// Nobody goes on with an empty registry where one has lost its database.
    @Test(arguments: ["blobs/ab/x", "berth.sqlite-wal"]) func whatBelongsToADatabaseThatIsNotThereIsRefused(_ file: String) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("data")
        let settings = try Settings(from: [.flags([.data: [path]])])
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try FileManager.default.createDirectory(atPath: (path + "/" + file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        // The folders alone are what a first start leaves that was killed.
        if file.hasPrefix("blobs") {
            try await Installation.open(settings, log: log).close()
            for name in ["berth.sqlite", "root.key"] { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }
        }
        try Data([1]).write(to: URL(filePath: "\(path)/\(file)"))
        let refusal = await #expect(throws: Refusal.self) { _ = try await Installation.open(settings, log: log) }
        #expect(refusal?.description.contains("berth.sqlite") == true)
        #expect(!FileManager.default.fileExists(atPath: path + "/berth.sqlite") && !FileManager.default.fileExists(atPath: path + "/root.key"))
    }
}
