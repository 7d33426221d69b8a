/// Two services as one: keys that are not held by the first are asked of the second. The name of ECR's own key means the second's.
package struct DataKeysOfTwo: DataKeys {
    private let first: any DataKeys
    private let second: any DataKeys

    package init(_ first: any DataKeys, otherwise second: any DataKeys) {
        self.first = first
        self.second = second
    }

    package func key(_ name: String, in place: KeyPlace) async throws -> KMSKey {
        if name == "alias/aws/ecr" { return try await second.key(name, in: place) }
        return try await either { try await $0.key(name, in: place) }
    }

    package func generateDataKey(under key: String, context: EncryptionContext) async throws -> DataKey {
        try await either { try await $0.generateDataKey(under: key, context: context) }
    }

    package func decrypt(_ wrapped: [UInt8], under key: String, context: EncryptionContext) async throws -> [UInt8] {
        try await either { try await $0.decrypt(wrapped, under: key, context: context) }
    }

    /// Both keys must be of the same service.
    package func reEncrypt(
        _ wrapped: [UInt8], from key: String, _ context: EncryptionContext, to newKey: String, _ newContext: EncryptionContext
    ) async throws -> [UInt8] {
        try await either { try await $0.reEncrypt(wrapped, from: key, context, to: newKey, newContext) }
    }

    package func requireUsable(_ key: String, context: EncryptionContext) async throws {
        try await either { try await $0.requireUsable(key, context: context) }
    }

    package func createGrant(on key: String, for context: EncryptionContext, name: String) async throws -> String {
        try await either { try await $0.createGrant(on: key, for: context, name: name) }
    }

    package func retireGrant(_ grant: String, on key: String) async throws {
        try await first.retireGrant(grant, on: key)
        try await second.retireGrant(grant, on: key)
    }

    package func checkHealth() async throws {
        try await first.checkHealth()
        try await second.checkHealth()
    }

    private func either<Value>(_ body: (any DataKeys) async throws -> Value) async throws -> Value {
        do {
            return try await body(first)
        } catch let failure as KeyFailure where failure.code == .notFound {
            return try await body(second)
        }
    }
}
