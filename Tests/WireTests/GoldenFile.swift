import Foundation
import Testing

/// A request and the answer to it, in a file: `<folder>/<Operation>/<case>.json`.
struct GoldenFile: Sendable {
    let url: URL
    let content: JSON

    /// Set to write the answers instead of comparing them. Look at the difference before you commit it.
    static let isRegenerating = ProcessInfo.processInfo.environment["BERTH_REGENERATE_GOLDEN"] == "1"

    /// All files of a folder beside the tests, in the order of their names, but for those in `Given`.
    static func all(in folder: String) -> [GoldenFile] {
        let files = FileManager.default.enumerator(at: root.appending(path: folder), includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        return files.filter { $0.pathExtension == "json" && $0.deletingLastPathComponent().lastPathComponent != "Given" }
            .sorted { $0.path() < $1.path() }
            .map { url in
                do {
                    return GoldenFile(url: url, content: try json(url))
                } catch {
                    fatalError("\(url.path()): \(error)")
                }
            }
    }

    /// What happens before the request: the file's own steps, and those of the files in `folder` that it names.
    func given(from folder: String) throws -> [JSON] {
        try (content["given"]?.elements ?? []).flatMap { given in
            guard let name = given.text else { return [given] }
            return try Self.json(Self.root.appending(path: "\(folder)/Given/\(name).json")).elements
        }
    }

    /// Writes the members of an answer into the file.
    func write(_ answer: [String: JSON]) throws {
        try Data((JSON.object(content.members.merging(answer) { $1 }).pretty + "\n").utf8).write(to: url)
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()

    private static func json(_ url: URL) throws -> JSON { try JSON(bytes: Array(Data(contentsOf: url))) }
}

/// A golden file of one protocol or another.
protocol Golden: Sendable, CustomTestStringConvertible {
    var file: GoldenFile { get }
}

extension Golden {
    var operation: String { file.url.deletingLastPathComponent().lastPathComponent }
    var name: String { file.url.deletingPathExtension().lastPathComponent }
    var content: JSON { file.content }
    /// The status of the answer that the file holds.
    var status: JSON? { content["status"] }
}
