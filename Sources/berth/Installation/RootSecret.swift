import Foundation
import LocalKeyProvider
import Logging
import Stores

/// The secret that everything is sealed under in the end: a file, what is made of a passphrase, or what a key management service elsewhere opens.
struct RootSecret {
    let settings: Settings
    /// True when nothing was sealed yet.
    let isNew: Bool
    let log: Logger

    /// Throws `RootKeyError`, `Refusal`.
    func open(with remote: RemoteKeys?) async throws -> RootKeyFile {
        if settings.rootPassphrase != nil, settings.rootKMSKey != nil { throw Refusal("Set root-passphrase or root-kms-key, not both.") }
        if let file = settings.rootPassphrase { return try ofPassphrase(in: file) }
        if let key = settings.rootKMSKey { return try await underKMS(key, remote) }
        if settings.rootKey == settings.data.rootKey {
            log.warning("The root key lies in the data folder: who steals a copy of the folder can read all of it. --root-key keeps it elsewhere.")
        }
        return try RootKeyFile(path: settings.rootKey, mayCreate: isNew) { log.warning("\($0)") }
    }

    private func ofPassphrase(in file: String) throws -> RootKeyFile {
        guard let text = FileManager.default.contents(atPath: file) else { throw Refusal("The passphrase \(file) cannot be read.") }
        let passphrase = Array(text).reversed().drop { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }.reversed()
        guard passphrase.count >= 12 else { throw Refusal("The passphrase in \(file) is too short: take 12 characters at least.") }
        return try RootKeyFile(passphrase: Array(passphrase), salt: settings.data.rootSalt, mayCreate: isNew)
    }

    private func underKMS(_ key: String, _ remote: RemoteKeys?) async throws -> RootKeyFile {
        guard let remote else { throw Refusal("root-kms-key names a key of another service: kms-endpoint must say which.") }
        let file = settings.data.rootCiphertext
        do {
            if let bytes = FileManager.default.contents(atPath: file) {
                let sealed = try Self.parsed(bytes, file)
                return try RootKeyFile(
                    secret: try await remote.keys.decrypt(Array(sealed.ciphertextBlob), under: sealed.keyId, context: sealed.encryptionContext),
                    from: file)
            }
            guard isNew else { throw RootKeyError.missing(path: file) }
            let found = try await remote.keys.key(key, in: KeyPlace(account: "", region: ""))
            let dataKey = try await remote.keys.generateDataKey(under: found.arn, context: SealedRootKey.context)
            let sealed = SealedRootKey(
                keyId: found.arn, ciphertextBlob: Data(dataKey.wrapped), encryptionContext: SealedRootKey.context)
            let root = try RootKeyFile(secret: dataKey.plaintext, from: file)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try RootKeyFile.write(Array(try encoder.encode(sealed)), to: file)
            return root
        } catch let failure as KeyFailure {
            throw Refusal(
                "The root key in \(file) cannot be opened by the key management service \(settings.kms?.endpoint ?? ""): \(failure). "
                    + "Nothing can be read without it; the server starts when the service answers and its key can be used.")
        }
    }

    private static func parsed(_ bytes: Data, _ file: String) throws -> SealedRootKey {
        do {
            return try JSONDecoder().decode(SealedRootKey.self, from: bytes)
        } catch {
            throw Refusal("The file \(file) is damaged: it must be a request of KMS's Decrypt, as JSON. Put it back from a backup.")
        }
    }
}

/// The root key as KMS has sealed it: a request of `Decrypt`, so that `aws kms decrypt --cli-input-json` opens it too.
private struct SealedRootKey: Codable {
    static let context: EncryptionContext = ["berth:secret": "root"]

    let keyId: String
    let ciphertextBlob: Data
    let encryptionContext: EncryptionContext

    private enum CodingKeys: String, CodingKey {
        case keyId = "KeyId"
        case ciphertextBlob = "CiphertextBlob"
        case encryptionContext = "EncryptionContext"
    }
}
