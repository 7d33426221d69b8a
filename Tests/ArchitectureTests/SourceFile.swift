import Foundation

/// A Swift file under `Sources`.
struct SourceFile: CustomStringConvertible {
    /// The folder of `Sources` that it lies in.
    let module: String
    /// Its path from the package's root.
    let description: String
    let text: String

    var name: String { String(description.split(separator: "/").last?.dropLast(".swift".count) ?? "") }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// The modules that it imports.
    var imports: Set<String> {
        Set(
            lines.compactMap { line in
                line.firstMatch(
                    of:
                        /^\s*(?:@\w+\s+)*(?:(?:package|public|internal|private|fileprivate)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|typealias|let|var)\s+)?(\w+)/
                )
                .map { String($0.1) }
            })
    }

    /// The text without comments and the contents of string literals.
    var code: String {
        text.replacing(/(?s)"""(?:\\.|.)*?"""/, with: "\"\"")
            .replacing(/(?m)#?"(?:\\.|[^"\\\n])*"#?/, with: "\"\"")
            .replacing(/\/\/[^\n]*/, with: "")
    }

    /// All of them.
    static func all() throws -> [SourceFile] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let sources = root.appending(path: "Sources")
        let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path).filter { $0.hasSuffix(".swift") }.sorted()
        return try files.map { path in
            SourceFile(
                module: String(path.prefix { $0 != "/" }), description: "Sources/" + path,
                text: try String(contentsOf: sources.appending(path: path), encoding: .utf8))
        }
    }
}
