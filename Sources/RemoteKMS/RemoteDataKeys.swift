import AWSCore
import Foundation
import Stores

/// The keys of a key management service elsewhere, of AWS or of whoever speaks its API. Plaintext data keys, and what is known of keys, are remembered for
/// a short time, in which an outage and a disabled key are not noticed.
package struct RemoteDataKeys: DataKeys {
    private let service: RemoteService
    private let settings: RemoteKMSSettings
    private let plaintexts: ExpiringCache<WrapKey, [UInt8]>
    private let states: ExpiringCache<String, KMSKey>
    private let health: ExpiringCache<String, Health>

    /// What the service did when it was last asked only to know that.
    private enum Health {
        case up
        case down(KeyFailure)
    }

    /// `service` makes the calls.
    package init(_ service: RemoteService, _ settings: RemoteKMSSettings, clock: any WallClock) {
        self.service = service
        self.settings = settings
        plaintexts = ExpiringCache(life: settings.cacheLife, capacity: settings.cachedDataKeys, clock: clock)
        states = ExpiringCache(life: settings.cacheLife, capacity: 1024, clock: clock)
        health = ExpiringCache(life: .seconds(30), capacity: 1, clock: clock)
    }

    package func key(_ name: String, in place: KeyPlace) async throws -> KMSKey {
        let name = name == "alias/aws/ecr" ? settings.defaultKey ?? name : name
        let answer: DescribeKeyAnswer = try await service.call("DescribeKey", DescribeKeyCall(keyID: name))
        let key = try answer.key()
        states[key.arn] = key
        return key
    }

    package func generateDataKey(under key: String, context: EncryptionContext) async throws -> DataKey {
        let answer: DataKeyAnswer = try await forgetting(key) {
            try await service.call("GenerateDataKey", GenerateDataKeyCall(keyID: key, context: context))
        }
        guard let plaintext = answer.plaintext, plaintext.count == 32 else {
            throw KeyFailure(.unavailable, "GenerateDataKey answered no key of 32 bytes.")
        }
        let wrapped = Array(answer.ciphertextBlob)
        plaintexts[WrapKey(key: key, context: context, wrapped: wrapped)] = Array(plaintext)
        return DataKey(plaintext: Array(plaintext), wrapped: wrapped)
    }

    package func decrypt(_ wrapped: [UInt8], under key: String, context: EncryptionContext) async throws -> [UInt8] {
        let wrap = WrapKey(key: key, context: context, wrapped: wrapped)
        if let known = plaintexts[wrap] { return known }
        let answer: DecryptAnswer = try await forgetting(key) {
            try await service.call("Decrypt", DecryptCall(keyID: key, ciphertext: wrapped, context: context))
        }
        plaintexts[wrap] = Array(answer.plaintext)
        return Array(answer.plaintext)
    }

    package func reEncrypt(
        _ wrapped: [UInt8], from key: String, _ context: EncryptionContext, to newKey: String, _ newContext: EncryptionContext
    ) async throws -> [UInt8] {
        let answer: ReEncryptAnswer = try await service.call(
            "ReEncrypt", ReEncryptCall(ciphertext: wrapped, from: key, context, to: newKey, newContext))
        return Array(answer.ciphertextBlob)
    }

    package func requireUsable(_ key: String, context: EncryptionContext) async throws {
        var known = states[key]
        if known == nil {
            known = try await forgetting(key) { try await self.key(key, in: KeyPlace(account: "", region: "")) }
        }
        switch known?.state {
        case .enabled, nil: break
        case .disabled: throw KeyFailure(.disabled, "\(key) is disabled.")
        case .some(let state): throw KeyFailure(.invalidState, "\(key) is \(state.rawValue).")
        }
    }

    package func createGrant(on key: String, for context: EncryptionContext, name: String) async throws -> String {
        // Without a grantee the service's own policies permit this server to use the key.
        guard let grantee = settings.grantee else { return Self.noGrant }
        let answer: CreateGrantAnswer = try await service.call(
            "CreateGrant", CreateGrantCall(keyID: key, grantee: grantee, context: context, name: name))
        return answer.grantId
    }

    package func retireGrant(_ grant: String, on key: String) async throws {
        guard grant != Self.noGrant else { return }
        do {
            let _: EmptyAnswer = try await service.call("RetireGrant", RetireGrantCall(keyID: key, grantID: grant))
        } catch let failure as KeyFailure where failure.code == .notFound || failure.code == .invalidGrantID {
            return
        }
    }

    /// Any answer will do, also that this server may not describe the key. Asks every half minute at most.
    package func checkHealth() async throws {
        let name = settings.defaultKey ?? "alias/aws/ecr"
        if health[name] == nil {
            do {
                _ = try await key(name, in: KeyPlace(account: "", region: ""))
                health[name] = .up
            } catch let failure as KeyFailure {
                health[name] = failure.isTransient ? .down(failure) : .up
            }
        }
        if case .down(let failure)? = health[name] { throw failure }
    }

    private static let noGrant = "none"

    /// Once the service has said that a key cannot be used, nothing that is remembered of it holds.
    private func forgetting<Value>(_ key: String, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let failure as KeyFailure {
            if !failure.isTransient, failure.code != .invalidCiphertext {
                plaintexts.removeAll(where: { $0.key == key })
                states[key] = nil
            }
            throw failure
        }
    }
}

/// What a plaintext data key is remembered by.
struct WrapKey: Hashable, Sendable {
    let key: String
    let context: EncryptionContext
    let wrapped: [UInt8]
}
