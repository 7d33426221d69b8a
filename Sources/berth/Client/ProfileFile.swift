import Foundation

/// A file of one `[default]` profile, in the form of AWS's `~/.aws/config` and `~/.aws/credentials`.
struct ProfileFile: Equatable {
    /// Keys and values in the order of the file.
    var values: [(key: String, value: String)]

    init(_ values: [(key: String, value: String)]) { self.values = values }

    /// What the file at `path` says; nil when it cannot be read.
    init?(contentsOf path: String) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        self.init(text: text)
    }

    /// What `text` says; comments and other lines are passed over.
    init(text: String) {
        values = text.split(separator: "\n").compactMap { line in
            let sides = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            return sides.count == 2 && !line.hasPrefix("#") ? (sides[0], sides[1]) : nil
        }
    }

    subscript(_ key: String) -> String? { values.first { $0.key == key }?.value }

    /// The file's text, under a comment.
    func text(comment: String) -> String {
        "# \(comment)\n[default]\n" + values.map { "\($0.key) = \($0.value)\n" }.joined()
    }

    static func == (left: ProfileFile, right: ProfileFile) -> Bool { left.values.elementsEqual(right.values) { $0 == $1 } }
}

/// Puts `text` into the file at `path`, readable by its owner only, whole or not at all.
func writePrivately(_ text: String, to path: String) throws {
    let draft = path + ".new"
    guard FileManager.default.createFile(atPath: draft, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600]) else {
        throw Refusal("The file \(path) cannot be written; look at the owner and the free space of its folder.")
    }
    guard rename(draft, path) == 0 else { throw Refusal("The file \(path) cannot be replaced: \(String(cString: strerror(errno))).") }
}
