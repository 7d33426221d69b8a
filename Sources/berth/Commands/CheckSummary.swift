import Foundation
import RegistryCore

/// The result of a check, as `berth fsck` prints it.
struct CheckSummary: Encodable {
    struct Finding: Encodable {
        let invariant: String
        let finding: String
    }

    let clean: Bool
    let repositories: Int
    let manifests: Int
    let tags: Int
    let blobs: Int
    let uploads: Int
    let bytesRead: Int64
    let damage: [Finding]
    let orphans: [String]

    init(_ report: CheckReport) {
        clean = report.isClean
        repositories = report.repositories
        manifests = report.manifests
        tags = report.tags
        blobs = report.blobs
        uploads = report.uploads
        bytesRead = report.bytesRead
        damage = report.damage.map { Finding(invariant: $0.invariant, finding: $0.finding) }
        orphans = report.orphans.map(\.description)
    }

    /// One JSON object.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    /// A sentence on what was looked at, one line for each damage, and the verdict.
    var text: String {
        var lines = ["Checked \(repositories) repositories, \(manifests) manifests, \(tags) tags, \(blobs) blobs and \(uploads) uploads."]
        if bytesRead > 0 { lines.append("Read \(bytesRead) bytes of blobs.") }
        lines += damage.map { "\($0.invariant): \($0.finding)" }
        if !orphans.isEmpty { lines.append("\(orphans.count) files belong to nothing; they do no harm.") }
        lines.append(clean ? "All is well." : "\(damage.count) damages found.")
        return lines.joined(separator: "\n")
    }
}
