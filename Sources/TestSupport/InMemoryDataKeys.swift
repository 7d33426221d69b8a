import Crypto
import Stores
import Synchronization

/// A key management service whose keys live and die with it, and can be disabled.
package final class InMemoryDataKeys: DataKeys {
    fileprivate struct Content {
        var keys: [String: (secret: SymmetricKey, state: KMSKey.State)] = [:]
        var grants: [String: (key: String, context: EncryptionContext)] = [:]
        var outage: KeyFailure?
        var calls: [String] = []
    }

    private let content = Mutex(Content())

    package init() {}

    /// The calls so far, by the name of the KMS operation.
    package var calls: [String] { content.withLock { $0.calls } }

    /// The ids of the grants that are not retired.
    package var grants: Set<String> { content.withLock { Set($0.grants.keys) } }

    /// From now on the key of this ARN is in `state`.
    package func set(_ key: String, _ state: KMSKey.State) {
        content.withLock { $0.keys[key]?.state = state }
    }

    /// From now on everything fails with `failure`; nil: nothing does.
    package func fail(with failure: KeyFailure?) {
        content.withLock { $0.outage = failure }
    }

    package func key(_ name: String, in place: KeyPlace) throws -> KMSKey {
        try content.withLock { content in
            try content.begin("DescribeKey")
            let id = name.split(separator: "/").dropFirst(name.hasPrefix("arn:") ? 1 : 0).joined(separator: "-")
            let arn = name.hasPrefix("arn:aws:kms:") ? name : "arn:aws:kms:\(place.region):\(place.account):key/\(id)"
            let state = content.keys[arn, default: (SymmetricKey(size: .bits256), .enabled)].state
            if content.keys[arn] == nil { content.keys[arn] = (SymmetricKey(size: .bits256), state) }
            return KMSKey(arn: arn, state: state, isManagedByAWS: name == "alias/aws/ecr")
        }
    }

    package func generateDataKey(under key: String, context: EncryptionContext) throws -> DataKey {
        try content.withLock { content in
            try content.begin("GenerateDataKey")
            let plaintext = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
            return DataKey(plaintext: plaintext, wrapped: try content.wrap(plaintext, key, context))
        }
    }

    package func decrypt(_ wrapped: [UInt8], under key: String, context: EncryptionContext) throws -> [UInt8] {
        try content.withLock { content in
            try content.begin("Decrypt")
            return try content.unwrap(wrapped, key, context)
        }
    }

    package func reEncrypt(
        _ wrapped: [UInt8], from key: String, _ context: EncryptionContext, to newKey: String, _ newContext: EncryptionContext
    ) throws -> [UInt8] {
        try content.withLock { content in
            try content.begin("ReEncrypt")
            return try content.wrap(content.unwrap(wrapped, key, context), newKey, newContext)
        }
    }

    package func requireUsable(_ key: String, context: EncryptionContext) throws {
        try content.withLock { content in
            if let outage = content.outage { throw outage }
            _ = try content.usable(key)
        }
    }

    package func createGrant(on key: String, for context: EncryptionContext, name: String) throws -> String {
        try content.withLock { content in
            try content.begin("CreateGrant")
            _ = try content.usable(key)
            let id = "grant-\(content.calls.count)"
            content.grants[id] = (key, context)
            return id
        }
    }

    package func retireGrant(_ grant: String, on key: String) throws {
        try content.withLock { content in
            try content.begin("RetireGrant")
            content.grants[grant] = nil
        }
    }

    package func checkHealth() throws {
        if let outage = content.withLock({ $0.outage }) { throw outage }
    }
}

extension InMemoryDataKeys.Content {
    fileprivate mutating func begin(_ call: String) throws {
        calls.append(call)
        if let outage { throw outage }
    }

    fileprivate func usable(_ key: String) throws -> SymmetricKey {
        guard let found = keys[key] else { throw KeyFailure(.notFound, "Key '\(key)' does not exist") }
        switch found.state {
        case .enabled: return found.secret
        case .disabled: throw KeyFailure(.disabled, "\(key) is disabled.")
        default: throw KeyFailure(.invalidState, "\(key) is pending deletion.")
        }
    }

    fileprivate func wrap(_ plaintext: [UInt8], _ key: String, _ context: EncryptionContext) throws -> [UInt8] {
        let box = try AES.GCM.seal(plaintext, using: try usable(key), authenticating: Self.bytes(context))
        return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    }

    fileprivate func unwrap(_ wrapped: [UInt8], _ key: String, _ context: EncryptionContext) throws -> [UInt8] {
        let secret = try usable(key)
        do {
            return try Array(AES.GCM.open(AES.GCM.SealedBox(combined: wrapped), using: secret, authenticating: Self.bytes(context)))
        } catch {
            throw KeyFailure(.invalidCiphertext, "The ciphertext is not one of this key and context.")
        }
    }

    private static func bytes(_ context: EncryptionContext) -> [UInt8] {
        Array(context.sorted { $0.key < $1.key }.map { "\($0.key)\u{0}\($0.value)\u{0}" }.joined().utf8)
    }
}
