import AWSCore
import IAM
import Identity
import Stores

/// An installation with an account, its root key, and short ways to make roles and users in the database.
package struct IdentityWorld {
    package let installation: TestInstallation
    package let rootKey: AccessKey

    /// Everybody may assume the role.
    package static let openTrust = #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sts:*"}}"#

    package init() async throws {
        installation = try TestInstallation()
        try await Accounts(database: installation.sqlite).establish(installation.account)
        rootKey = try await installation.identity.accessKeys.resetRootKey(of: installation.account)
    }

    /// The unique id of a new role.
    package func makeRole(
        _ name: String, path: String = "/", trust: String = openTrust, tags: [String: String] = [:], longestSession: Int = 3600,
        account: AccountID? = nil
    ) async throws -> String {
        let id = try await makeEntity("role", UniqueID.make("AROA", installation.ids), name, path, account ?? installation.account)
        _ = try await installation.sqlite.write { transaction in
            try transaction.execute(
                "INSERT INTO roles (id, trust_policy, max_session_seconds) VALUES (\(id), \(trust), \(longestSession))")
        }
        try await tag(id, tags)
        return id
    }

    /// The unique id of a new user.
    package func makeUser(_ name: String, path: String = "/", account: AccountID? = nil) async throws -> String {
        try await makeEntity("user", UniqueID.make("AIDA", installation.ids), name, path, account ?? installation.account)
    }

    /// Deletes a role or user that has nothing but tags.
    package func deleteEntity(_ id: String) async throws {
        _ = try await installation.sqlite.write { transaction in
            try transaction.execute("DELETE FROM roles WHERE id = \(id)")
            try transaction.execute("DELETE FROM iam_tags WHERE owner = \(id)")
            try transaction.execute("DELETE FROM entities WHERE id = \(id)")
            try AuthorizationChanges.advance(transaction)
        }
    }

    /// Adds tags, or changes them.
    package func tag(_ id: String, _ tags: [String: String]) async throws {
        _ = try await installation.sqlite.write { transaction in
            for (key, value) in tags {
                try transaction.execute("DELETE FROM iam_tags WHERE owner = \(id) AND key_fold = \(key.lowercased())")
                try transaction.execute(
                    "INSERT INTO iam_tags (owner, key_fold, key, value) VALUES (\(id), \(key.lowercased()), \(key), \(value))")
            }
            try AuthorizationChanges.advance(transaction)
        }
    }

    /// Registers an issuer with these audiences, and keys that were uploaded when there are any.
    package func register(_ url: String, clientIDs: [String], keySet: String? = nil) async throws -> String {
        let arn = "arn:aws:iam::\(installation.account):oidc-provider/\(url.dropFirst("https://".count))"
        let account = installation.account.description
        _ = try await installation.sqlite.write { transaction in
            try transaction.execute(
                "INSERT INTO oidc_providers (arn, account, key_set, created_at) VALUES (\(arn), \(account), \(optional: keySet), \(transaction.now))")
            for id in clientIDs { try transaction.execute("INSERT INTO oidc_client_ids (provider, client_id) VALUES (\(arn), \(id))") }
        }
        return arn
    }

    private func makeEntity(_ kind: String, _ id: String, _ name: String, _ path: String, _ account: AccountID) async throws -> String {
        _ = try await installation.sqlite.write { transaction in
            try transaction.execute(
                """
                INSERT INTO entities (id, account, kind, name, name_key, path, created_at)
                VALUES (\(id), \(account.description), \(kind), \(name), \(name.lowercased()), \(path), \(transaction.now))
                """)
            try AuthorizationChanges.advance(transaction)
        }
        return id
    }
}
