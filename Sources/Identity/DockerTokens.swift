import AWSCore
import Crypto
import Foundation
import IAM
import Stores

/// A docker password of GetAuthorizationToken.
package struct DockerToken: Sendable {
    /// The password of user `AWS`: opaque, without `:`, below 2,500 bytes.
    package let password: String
    package let expiresAt: Timestamp
}

/// Why a docker password is refused.
package enum TokenRefusal: Error, Hashable {
    /// Not a token of this installation, altered, or its access key is gone.
    case invalid
    case expired
}

/// Issues and checks the 12-hour passwords of the docker side. They name a principal and a region, no rights; they survive
/// a restart, and die with the access key that asked for them.
///
/// A password is the id of the key that seals it, then nonce, ciphertext and tag (AES-256-GCM) in base64url.
package struct DockerTokens: Sendable {
    /// Of a token.
    static let lifetime = Duration.seconds(12 * 3600)

    let database: any Database
    let clock: any WallClock
    let ids: any IDSource
    private let sealKeys: TokenKeys
    /// What was unsealed before, by the password's hash: a known token costs no more cryptography.
    private let unsealed = BoundedCache<SHA256.Digest, DockerTokenContents>(capacity: 4096)

    package init(database: any Database, keys: any KeyProvider, clock: any WallClock, ids: any IDSource) {
        self.database = database
        self.clock = clock
        self.ids = ids
        sealKeys = TokenKeys(database: database, keys: keys, clock: clock, ids: ids)
    }

    /// A token for `caller`, whose access key must not be nil.
    package func issue(to caller: Caller) async throws -> DockerToken {
        guard let accessKeyID = caller.accessKeyID else { throw TokenRefusal.invalid }
        let now = clock.now
        let contents = DockerTokenContents(
            id: Base64URL.encode(ids.randomBytes(12)), account: caller.account.description, principal: caller.userID,
            accessKeyID: accessKeyID, region: caller.region.description, issuedAt: now.milliseconds, expiresAt: (now + Self.lifetime).milliseconds)
        let key = try await sealKeys.current()
        let box = try AES.GCM.seal(try JSONEncoder().encode(contents), using: key.secret, authenticating: Self.context(key.id))
        let sealed = Array(box.nonce) + box.ciphertext + box.tag
        return DockerToken(password: key.id + Base64URL.encode(sealed), expiresAt: now + Self.lifetime)
    }

    /// Who `password` stands for. Throws `TokenRefusal`.
    package func caller(for password: String) async throws -> Caller {
        let contents = try await contents(of: password)
        guard let account = AccountID(contents.account), let region = Region(contents.region) else { throw TokenRefusal.invalid }
        guard clock.now.milliseconds < contents.expiresAt else { throw TokenRefusal.expired }
        let caller = try await database.read { transaction -> Caller? in
            guard try AccessKeyRecords.isActive(contents.accessKeyID, account: account, principal: contents.principal, transaction) else {
                return nil
            }
            return try transaction.caller(contents.principal, of: account, accessKeyID: contents.accessKeyID, region: region)
        }
        guard let caller else { throw TokenRefusal.invalid }
        return caller
    }

    private func contents(of password: String) async throws -> DockerTokenContents {
        // No token is longer, and hashing is not free.
        guard password.utf8.count < 2500 else { throw TokenRefusal.invalid }
        let hash = SHA256.hash(data: Array(password.utf8))
        if let known = unsealed[hash] { return known }
        let contents = try await unseal(password)
        unsealed[hash] = contents
        return contents
    }

    private func unseal(_ password: String) async throws -> DockerTokenContents {
        let bytes = password.utf8
        let id = String(decoding: bytes.prefix(TokenKeys.idLength), as: UTF8.self)
        guard id.utf8.count == TokenKeys.idLength, let sealed = Base64URL.decode(bytes.dropFirst(TokenKeys.idLength)),
            let key = try await sealKeys.find(id)
        else { throw TokenRefusal.invalid }
        do {
            let box = try AES.GCM.SealedBox(combined: sealed)
            let opened = try AES.GCM.open(box, using: key.secret, authenticating: Self.context(id))
            return try JSONDecoder().decode(DockerTokenContents.self, from: opened)
        } catch {
            throw TokenRefusal.invalid
        }
    }

    private static func context(_ keyID: String) -> [UInt8] { Array("docker token \(keyID)".utf8) }
}
