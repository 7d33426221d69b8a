import AWSCore
import Foundation
import Stores

/// An access key as lists tell of it: without its secret.
package struct AccessKeyStatus: Hashable, Sendable {
    package let id: String
    package let isActive: Bool
    package let createdAt: Timestamp
}

/// An access key that was just made.
package struct NewAccessKey: Sendable {
    package let id: String
    /// Shown now and never again.
    package let secret: String
    package let createdAt: Timestamp
}

/// Whose access keys are meant.
package enum KeyOwner: Hashable, Sendable {
    case root
    case user(String)
}

extension Account {
    /// How many access keys a user, or the root, may have.
    static let keysPerOwner = 2

    /// Makes an access key. Throws `entityNotFound` and `quotaExceeded`.
    package func createAccessKey(for owner: KeyOwner) async throws -> NewAccessKey {
        let key = services.accessKeys.make(for: id)
        let sealed = try services.accessKeys.seal(key)
        let account = id
        return try await database.write { transaction in
            let principal = try transaction.principal(owner, of: account)
            guard try AccessKeyRecords.list(account: account, principal: principal, transaction).count < Self.keysPerOwner else {
                throw IdentityError.quotaExceeded(.accessKeysPerUser, limit: Self.keysPerOwner)
            }
            let record = AccessKeyRecord(id: key.id, account: account.description, principal: principal, secret: sealed, isActive: true)
            try AccessKeyRecords.insert(record, transaction)
            try AuthorizationChanges.advance(transaction)
            return NewAccessKey(id: key.id, secret: key.secret, createdAt: transaction.now)
        }
    }

    /// The access keys, by id. Throws `entityNotFound`.
    package func accessKeys(of owner: KeyOwner) async throws -> [AccessKeyStatus] {
        let id = id
        return try await database.read { try AccessKeyRecords.list(account: id, principal: $0.principal(owner, of: id), $0) }
    }

    /// Makes a key active or inactive; what was given out on an inactive one is refused too. Throws `entityNotFound`, `accessKeyNotFound`.
    package func setAccessKey(_ keyID: String, of owner: KeyOwner, active: Bool) async throws {
        let id = id
        try await database.write { transaction in
            let principal = try transaction.principal(owner, of: id)
            guard try AccessKeyRecords.setActive(active, keyID, account: id, principal: principal, transaction) > 0 else {
                throw IdentityError.accessKeyNotFound(id: keyID)
            }
            try AuthorizationChanges.advance(transaction)
        }
    }

    /// Throws `entityNotFound`, `accessKeyNotFound`.
    package func deleteAccessKey(_ keyID: String, of owner: KeyOwner) async throws {
        let id = id
        try await database.write { transaction in
            let principal = try transaction.principal(owner, of: id)
            guard try AccessKeyRecords.delete(keyID, account: id, principal: principal, transaction) > 0 else {
                throw IdentityError.accessKeyNotFound(id: keyID)
            }
            try AccessKeyUseRecords.delete(keyID, transaction)
            try AuthorizationChanges.advance(transaction)
        }
    }

    /// The user (nil: the root) that a key of this account belongs to, and its last use. Throws `accessKeyNotFound`.
    package func lastUse(ofAccessKey keyID: String) async throws -> (user: Entity?, use: AccessKeyUse?) {
        let (account, uses) = (id, services.accessKeyUses)
        return try await database.read { transaction in
            guard let key = try AccessKeyRecords.find(keyID, transaction), key.account == account.description else {
                throw IdentityError.accessKeyNotFound(id: keyID)
            }
            return (try EntityRecords.find(id: key.principal, transaction), try uses.last(of: keyID, transaction))
        }
    }
}

extension ReadTransaction {
    /// The unique id of whose keys they are. Throws `entityNotFound`.
    fileprivate func principal(_ owner: KeyOwner, of account: AccountID) throws -> String {
        switch owner {
        case .root: account.description
        case .user(let name): try entity(.user, named: name, in: account).id
        }
    }
}
