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
    /// Which part of the blobs was read, such as `1/1`; nil when none was.
    let readData: String?
    let bytesRead: Int64
    /// What of all that is stored is not encrypted.
    let encryption: EncryptionStatus
    let damage: [Finding]
    let quarantined: [String]
    let orphans: [String]

    init(_ report: CheckReport, _ slice: DataSlice?, _ encryption: EncryptionStatus) {
        self.encryption = encryption
        clean = report.isClean
        repositories = report.repositories
        manifests = report.manifests
        tags = report.tags
        blobs = report.blobs
        uploads = report.uploads
        readData = slice?.description
        bytesRead = report.bytesRead
        damage = report.damage.map { Finding(invariant: $0.invariant, finding: $0.finding) }
        quarantined = report.quarantined.map(\.description)
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
        if let readData { lines.append("Read \(bytesRead) bytes of blobs (part \(readData)).") }
        if !encryption.isEncrypting { lines.append("Encryption is switched off: what is pushed is stored plain.") }
        if encryption.plainBlobs + encryption.plainManifests > 0 {
            lines.append("\(encryption.plainBlobs) blobs and \(encryption.plainManifests) manifests are stored without encryption.")
        }
        lines += damage.map { "\($0.invariant): \($0.finding)" }
        if !quarantined.isEmpty { lines.append("\(quarantined.count) blobs are in quarantine; push their images again.") }
        if !orphans.isEmpty { lines.append("\(orphans.count) files belong to nothing; they do no harm.") }
        lines.append(clean ? "All is well." : "\(damage.count) damages found.")
        return lines.joined(separator: "\n")
    }
}
