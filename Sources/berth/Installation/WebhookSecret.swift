import Foundation
import Stores

/// The secret that the receiver of events shares with this installation, in a file for its owner only.
enum WebhookSecret {
    /// What the file holds, without white space around it; a new secret when there is no such file. Throws `Refusal`.
    static func read(_ path: String, ids: any IDSource) throws -> [UInt8] {
        let file = URL(fileURLWithPath: path)
        if !FileManager.default.fileExists(atPath: path) {
            let text = Data(ids.randomBytes(32)).base64EncodedString()
            guard FileManager.default.createFile(atPath: path, contents: Data((text + "\n").utf8), attributes: [.posixPermissions: 0o600]) else {
                throw Refusal("The webhook's secret \(path) cannot be made.")
            }
        }
        do {
            let text = try String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
            guard text.utf8.count >= 16 else { throw Refusal("The webhook's secret in \(path) is shorter than 16 bytes.") }
            return Array(text.utf8)
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Refusal("The webhook's secret \(path) cannot be read: \(error.localizedDescription)")
        }
    }
}
