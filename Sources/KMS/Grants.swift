import AWSCore
import Foundation
import OCI
import Stores

extension KeyRing {
    /// Grants what `request` says on a key; the same again under the same name is the same grant. Throws `disabled`, `invalidState`,
    /// `limitExceeded`.
    package func createGrant(_ request: GrantRequest, on key: Key, by issuer: AccountID) async throws -> Grant {
        let (id, limit) = (ids.randomBytes(32).lowercaseHex, limits.grantsPerKey)
        return try await change(key) { transaction, key in
            try key.requireEnabled()
            if let same = try transaction.grant(like: request, on: key.id) { return same }
            guard try transaction.countGrants(on: key) < limit else {
                throw KeyFailure(.limitExceeded, "\(key.arn) has \(limit) grants, as many as it may.")
            }
            let grant = Grant(
                id: id, keyID: key.id, name: request.name, grantee: request.grantee, retiree: request.retiree, issuer: issuer,
                operations: request.operations, constraints: request.constraints, createdAt: transaction.now)
            try transaction.insert(grant)
            return grant
        }
    }

    /// Grants on a key after `cursor`; `id` and `grantee`, by its stored name, choose among them.
    package func grants(on key: Key, id: String?, grantee: String?, after cursor: String?, limit: Int) async throws -> Page<Grant, String> {
        let found = try await database.read { transaction in
            if let id { return try transaction.grant(id).map { [$0] } ?? [] }
            return try transaction.grants(on: key.id, to: grantee, after: cursor ?? "", limit: limit + 1)
        }
        return Page(found.filter { $0.keyID == key.id && (grantee == nil || $0.grantee == grantee) }, limit: limit) { $0.id }
    }

    /// Grants in this region after `cursor` that `retiree`, by its stored name, may take back.
    package func grants(retirableBy retiree: String, after cursor: String?, limit: Int) async throws -> Page<Grant, String> {
        let region = region
        let found = try await database.read { try $0.grants(retirableBy: retiree, in: region, after: cursor ?? "", limit: limit + 1) }
        return Page(found, limit: limit) { $0.id }
    }

    /// The grant of this id on a key. Throws `notFound`.
    package func grant(_ id: String, on key: Key) async throws -> Grant {
        let found = try await database.read { try $0.grant(id) }
        guard let found, found.keyID == key.id else { throw KeyFailure(.notFound, "Grant \(id) does not exist on \(key.arn).") }
        return found
    }

    /// Takes a grant back. Throws `invalidState`, `notFound`.
    package func remove(_ grant: Grant, from key: Key) async throws {
        try await change(key) { transaction, key in
            try key.requireNotPendingDeletion()
            guard try transaction.execute("DELETE FROM kms_grants WHERE id = \(grant.id)") == 1 else {
                throw KeyFailure(.notFound, "Grant \(grant.id) does not exist on \(key.arn).")
            }
        }
    }

    /// A text that names a grant to who has it, different each time.
    package func token(of grant: Grant) throws -> String {
        Data(try services.keys.seal(Array("\(grant.keyID) \(grant.id)".utf8), for: Self.tokenPurpose)).base64EncodedString()
    }

    /// The ids of the key and the grant that a token names. Throws `invalidGrantToken`.
    package func grantNamed(by token: String) throws -> (keyID: String, grantID: String) {
        let failure = KeyFailure(.invalidGrantToken, "The grant token is not valid.")
        guard let sealed = Data(base64Encoded: token) else { throw failure }
        do {
            let parts = String(decoding: try services.keys.unseal(Array(sealed), for: Self.tokenPurpose), as: UTF8.self).split(separator: " ")
            guard parts.count == 2 else { throw failure }
            return (String(parts[0]), String(parts[1]))
        } catch is SealError {
            throw failure
        }
    }

    private static let tokenPurpose = "kms grant token"
}
