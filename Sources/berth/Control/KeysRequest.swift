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
    /// Has all blobs get fresh data keys, or goes on with it.
    case beginRenewal(anew: Bool)
    /// Gives fresh data keys to blobs whose keys are from before the beginning, those whose rows come after the number.
    case renew(after: Int64)
    /// Puts a repository under another key: of a kind of ECR's, and with a KMS key. The answer is a `KeyChange`.
    case changeKey(RepositoryPlace, kind: String, key: String?)
    /// Moves content of a repository to its key: `MoveStep`.
    case moveContent(RepositoryPlace, MovePosition)
    /// Destroys the former key once nothing lies under it: `KeyChange`.
    case finishKeyChange(RepositoryPlace)
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
    /// Repositories that have content under a former key.
    let repositoriesChangingKeys: Int
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
                KeysStatus(
                    encryption: try await services.encryptionStatus(), repositoryKeys: keys.all, outdatedRepositoryKeys: keys.outdated,
                    repositoriesChangingKeys: try await services.repositoriesChangingKeys()))
        case .rotate:
            try await masterKeys.rotate()
            return try text(KeysProgress(left: Int64(try await services.outdatedRepositoryKeys().outdated)))
        case .rewrap(let position):
            let step = try await services.rewrapRepositoryKeys(after: position, limit: 200)
            return try text(KeysProgress(next: step.position, count: step.count))
        case .finishRewrap: return try text(try await finishRewrap())
        case .beginRenewal(let isAnew): return try text(KeysProgress(left: try await services.beginRenewal(anew: isAnew)))
        case .renew(let position):
            let step = try await services.renewDataKeys(after: position, upTo: Self.part)
            return try text(KeysProgress(next: step.position, count: step.blobs, left: try await services.blobsToRenew()))
        case .changeKey(let place, let kind, let key):
            return try await explainingKeys {
                let (registry, name) = try place.resolved()
                let request: EncryptionRequest = kind == "AES256" ? .aes256 : .kms(key: key, isDualLayer: kind == "KMS_DSSE")
                try await services.registry(registry).changeKey(of: name, to: request)
                return try text(try await services.registry(registry).keyChange(of: name))
            }
        case .moveContent(let place, let position):
            return try await explainingKeys {
                let (registry, name) = try place.resolved()
                return try text(try await services.registry(registry).moveContent(of: name, from: position, upTo: Self.part))
            }
        case .finishKeyChange(let place):
            return try await explainingKeys {
                let (registry, name) = try place.resolved()
                return try text(try await services.registry(registry).finishKeyChange(of: name))
            }
        }
    }

    /// Forgets old master keys where nothing is under them: of content when all keys of repositories are sealed anew, of secrets when all of them are.
    private func finishRewrap() async throws -> KeysProgress {
        let secrets = try await identity.rewrapSecrets() + keys.rewrapMaterials()
        let left = try await services.outdatedRepositoryKeys().outdated
        var forgotten = left == 0 ? try await masterKeys.forgetOld(.content) : 0
        // Nothing was left by a second look: what was being sealed under an old one meanwhile.
        if try await identity.rewrapSecrets() + keys.rewrapMaterials() == 0 { forgotten += try await masterKeys.forgetOld(.secrets) }
        return KeysProgress(count: secrets, left: Int64(left), forgotten: forgotten)
    }

    private func explainingKeys(_ body: () async throws -> String) async throws -> String {
        try await explainingRefusals {
            do {
                return try await body()
            } catch let failure as KeyFailure {
                throw Refusal("The key cannot be used: \(failure.message)")
            } catch KeyChangeRefusal.underWay(let kind, let key) {
                throw Refusal(
                    "The repository is getting a key of the kind \(kind)\(key.map { " (\($0))" } ?? "") already; let that come to its end first.")
            } catch KeyChangeRefusal.notEncrypting {
                throw Refusal("This server does not encrypt (--encryption off), so that no repository can get another key.")
            } catch KeyChangeRefusal.changedMeanwhile {
                throw Refusal("The repository was deleted, or its key changed, meanwhile.")
            }
        }
    }

    private func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
