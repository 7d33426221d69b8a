import AWSCore
import IAM
import Stores

/// The keys that are held here, as ECR uses them: by its grants alone, and only while they hold.
package struct LocalDataKeys: DataKeys {
    private let services: KMSServices

    package init(_ services: KMSServices) { self.services = services }

    package func key(_ name: String, in place: KeyPlace) async throws -> KMSKey {
        try await ring(place).findOrMake(name).key.asKMSKey
    }

    package func generateDataKey(under key: String, context: EncryptionContext) async throws -> DataKey {
        let found = try await usable(key, for: "GenerateDataKey", context)
        let plaintext = services.ids.randomBytes(32)
        return DataKey(plaintext: plaintext, wrapped: try found.encrypt(plaintext, context))
    }

    package func decrypt(_ wrapped: [UInt8], under key: String, context: EncryptionContext) async throws -> [UInt8] {
        try await usable(key, for: "Decrypt", context).decrypt(Ciphertext(wrapped), context)
    }

    package func reEncrypt(
        _ wrapped: [UInt8], from key: String, _ context: EncryptionContext, to newKey: String, _ newContext: EncryptionContext
    ) async throws -> [UInt8] {
        let plaintext = try await usable(key, for: "Decrypt", context).decrypt(Ciphertext(wrapped), context)
        return try await usable(newKey, for: "GenerateDataKey", newContext).encrypt(plaintext, newContext)
    }

    package func requireUsable(_ key: String, context: EncryptionContext) async throws {
        _ = try await usable(key, for: "Decrypt", context)
    }

    package func createGrant(on key: String, for context: EncryptionContext, name: String) async throws -> String {
        let (ring, keyName) = try place(of: key)
        let request = GrantRequest(
            name: name, grantee: ring.ecrService, retiree: ring.ecrService, operations: ["GenerateDataKey", "Decrypt"],
            constraints: GrantConstraints(subset: context))
        return try await ring.createGrant(request, on: ring.find(keyName).key, by: ring.account).id
    }

    package func retireGrant(_ grant: String, on key: String) async throws {
        let (ring, name) = try place(of: key)
        let service = ring.ecrService
        _ = try await services.database.read { try $0.key(name) }
        try await services.database.write { transaction in
            try transaction.execute("DELETE FROM kms_grants WHERE id = \(grant) AND retiree = \(service)")
        }
    }

    package func checkHealth() async throws {
        _ = try await services.database.read { try $0.first("SELECT COUNT(*) FROM kms_keys WHERE id = ''") { $0.integer(0) } }
    }

    /// Reads the key and ECR's grants on it that can be for `context`. Throws `accessDenied` when none of them is.
    private func usable(_ key: String, for operation: String, _ context: EncryptionContext) async throws -> UsableKey {
        let (ring, name) = try place(of: key)
        let found = try await ring.usable(UseOfKey(name: name, service: ring.ecrService, scope: context[GrantConstraints.scopeName] ?? ""))
        guard found.grants.contains(where: { $0.permits(operation, context: context) }) else {
            throw KeyFailure(
                .accessDenied,
                "User: \(ring.ecrService) is not authorized to perform: kms:\(operation) on resource: \(key) because no grant allows the "
                    + "kms:\(operation) action")
        }
        return found
    }

    /// Where a key is, by its ARN. Throws `notFound`, `invalidARN`.
    private func place(of key: String) throws -> (ring: KeyRing, name: KeyName) {
        guard let arn = ARN(key), let account = AccountID(arn.account), let region = Region(arn.region) else {
            throw KeyFailure(.invalidARN, "Invalid arn \(key)")
        }
        let ring = services.ring(account, region)
        let name = try KeyName(key, in: ring)
        try name.requireKey()
        return (ring, name)
    }

    private func ring(_ place: KeyPlace) throws -> KeyRing {
        guard let account = AccountID(place.account), let region = Region(place.region) else {
            throw KeyFailure(.notFound, "\(place.account) in \(place.region) has no keys")
        }
        return services.ring(account, region)
    }
}
