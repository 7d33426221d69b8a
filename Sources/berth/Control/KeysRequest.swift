import Foundation
import LocalKeyProvider
import RegistryCore
import Stores

/// What `berth keys` asks of who has the data folder open. Answers are JSON.
enum KeysRequest: Codable, Equatable, Sendable {
    case status
    /// Makes new master keys.
    case rotate
    /// Seals keys of repositories anew, those whose rows come after the number.
    case rewrap(after: Int64)
    /// Seals secrets anew, and forgets master keys that are not needed any more.
    case finishRewrap
    /// Gives fresh data keys to blobs whose keys are older than `before`, in milliseconds since 1970, those whose rows come after the number.
    case reencrypt(before: Int64, after: Int64)
}

/// How far one request has come.
struct KeysProgress: Codable, Equatable, Sendable {
    /// What comes next; nil at the end.
    var next: Int64?
    /// What was done.
    var count = 0
    /// What is left.
    var left: Int64 = 0
    /// Master keys that were forgotten.
    var forgotten = 0
}

/// What `berth keys status` shows.
struct KeysStatus: Codable, Equatable, Sendable {
    let encryption: EncryptionStatus
    let repositoryKeys: Int
    /// Keys of repositories that are not sealed under the newest master key.
    let outdatedRepositoryKeys: Int
}

extension Installation {
    /// Blobs are given fresh keys in parts of this size, in bytes.
    private static let part: Int64 = 256 << 20

    /// Performs one step of `berth keys`.
    func perform(_ request: KeysRequest) async throws -> String {
        switch request {
        case .status:
            let keys = try await services.outdatedRepositoryKeys()
            return try text(
                KeysStatus(encryption: try await services.encryptionStatus(), repositoryKeys: keys.all, outdatedRepositoryKeys: keys.outdated))
        case .rotate:
            try await masterKeys.rotate()
            return try text(KeysProgress(left: Int64(try await services.outdatedRepositoryKeys().outdated)))
        case .rewrap(let position):
            let step = try await services.rewrapRepositoryKeys(after: position, limit: 200)
            return try text(KeysProgress(next: step.position, count: step.count))
        case .finishRewrap:
            let secrets = try await identity.rewrapSecrets()
            let left = try await services.outdatedRepositoryKeys().outdated
            let forgotten = left == 0 ? try await masterKeys.forgetOld(.content) : 0
            return try text(KeysProgress(count: secrets, left: Int64(left), forgotten: forgotten))
        case .reencrypt(let time, let position):
            let before = Timestamp(milliseconds: time)
            let step = try await services.renewDataKeys(before: before, after: position, upTo: Self.part)
            return try text(KeysProgress(next: step.position, count: step.blobs, left: try await services.blobsKeyed(before: before)))
        }
    }

    private func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
