import Foundation
import LocalKeyProvider
import Stores
import TestSupport
import Testing

@Suite("The root key's file") struct RootKeyFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("root.key") }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open(mayCreate: Bool = false, warn: (String) -> Void = { Issue.record("\($0)") }) throws(RootKeyError) -> RootKeyFile {
        try RootKeyFile(path: path, mayCreate: mayCreate, warn: warn)
    }

    @Test("Is made once, for its owner only, and opens at the next start what was sealed before") func create() throws {
        let sealed = try open(mayCreate: true).seal([1, 2, 3], for: "p")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.size] as? Int == 32)
        #expect(attributes[.posixPermissions] as? Int == 0o400)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["root.key"])
        #expect(try open().unseal(sealed, for: "p") == [1, 2, 3])
        #expect(try open(mayCreate: true).unseal(sealed, for: "p") == [1, 2, 3])
    }

    @Test("Is not made anew where data need the old one") func missing() {
        #expect(throws: RootKeyError.missing(path: path)) { try open() }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("Must have its length", arguments: [0, 31, 33, 4096]) func malformed(_ size: Int) throws {
        try Data(repeating: 1, count: size).write(to: URL(fileURLWithPath: path))
        #expect(throws: RootKeyError.malformed(path: path, size: size)) { try open(mayCreate: true, warn: { _ in }) }
    }

    @Test("Warns when others may read it", arguments: [(0o400, 0), (0o600, 0), (0o440, 1), (0o644, 1), (0o404, 1)])
    func permissions(_ mode: Int, _ expected: Int) throws {
        _ = try open(mayCreate: true)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        var warnings: [String] = []
        _ = try open(warn: { warnings.append($0) })
        #expect(warnings.count == expected)
        #expect(warnings.allSatisfy { $0.contains("chmod 400 \(path)") })
    }

    @Test("A draft that a crash left behind is no key") func draft() throws {
        try Data([1]).write(to: URL(fileURLWithPath: path + ".new"))
        #expect(throws: RootKeyError.missing(path: path)) { try open() }
        _ = try open(mayCreate: true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["root.key"])
    }

    @Test("What is no file is refused with the system's words") func folderInItsPlace() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        let error = try #require(throws: RootKeyError.self) { try open(mayCreate: true, warn: { _ in }) }
        #expect(error.description.contains(path))
    }
}
