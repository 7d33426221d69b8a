import AWSCore
import IAM
import Identity
import Stores

/// Principals for tests, whose policies are written straight into the tables.
extension TestInstallation {
    /// An account besides the installation's own; nothing when it is there.
    package func addAccount(_ id: AccountID) async throws {
        try await services.database.write { transaction in
            try transaction.execute(
                "INSERT INTO accounts (id, is_default, created_at) VALUES (\(id.description), 0, \(transaction.now)) ON CONFLICT DO NOTHING")
        }
    }

    /// A new user of the installation's account, or of another, with `policy` for its inline policy `test`.
    package func user(
        _ name: String = "ci", of account: String? = nil, policy: String? = nil, tags: [String: String] = [:]
    ) async throws -> Caller {
        guard let account = account.map({ AccountID($0) }) ?? self.account else { throw TestSetupError("\(account ?? "")") }
        try await addAccount(account)
        let user = try await identity.account(account).createUser(name)
        let caller = Caller(
            kind: .user(name: name), account: account, arn: user.arn.description, userID: user.id, accessKeyID: "AKIAIOSFODNN7EXAMPLE",
            region: region,
            tags: tags)
        if let policy { try await setPolicy(policy, of: caller) }
        return caller
    }

    /// A session of a new role at `path`, with `policy` for the role's inline policy `test`; `session` cuts it.
    package func roleSession(_ name: String = "deploy", path: String = "/", policy: String? = nil, cutBy session: [String] = []) async throws
        -> Caller
    {
        try await addAccount(account)
        let (id, account) = ("AROAEXAMPLE\(name.uppercased())", account)
        try await services.database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO entities (id, account, kind, name, name_key, path, created_at)
                VALUES (\(id), \(account.description), 'role', \(name), \(name), \(path), \(transaction.now))
                """)
            try transaction.execute("INSERT INTO roles (id, trust_policy, max_session_seconds) VALUES (\(id), '{}', 3600)")
            try AuthorizationChanges.advance(transaction)
        }
        let now = clock.now.milliseconds
        let caller = Caller(
            kind: .role(arn: "arn:aws:iam::\(account):role\(path)\(name)"), account: account,
            arn: "arn:aws:sts::\(account):assumed-role/\(name)/run-1", userID: "\(id):run-1", accessKeyID: "ASIAIOSFODNN7EXAMPLE", region: region,
            session: SessionFacts(origin: .assumeRole, issuedAt: now, expiresAt: now + 3_600_000, policies: session))
        if let policy { try await setPolicy(policy, of: caller) }
        return caller
    }

    /// Replaces the inline policy `test` of the caller's user or role.
    package func setPolicy(_ document: String, of caller: Caller) async throws {
        let (kind, name) = try entity(of: caller)
        try await identity.account(caller.account).putInlinePolicy("test", document, to: kind, named: name)
    }

    /// Makes a managed policy of the caller's account and attaches it to the caller, or makes it its boundary; returns its ARN.
    @discardableResult
    package func addManagedPolicy(_ policyName: String, _ document: String, to caller: Caller, asBoundary: Bool = false) async throws -> String {
        let (kind, name) = try entity(of: caller)
        let account = identity.account(caller.account)
        let arn = try await account.createPolicy(policyName, document: document).arn
        if asBoundary {
            try await account.putBoundary(arn, on: kind, named: name)
        } else {
            try await account.attachPolicy(arn, to: kind, named: name)
        }
        return arn
    }

    /// Deletes the caller's user and its inline policy.
    package func delete(_ caller: Caller) async throws {
        let (kind, name) = try entity(of: caller)
        try await identity.account(caller.account).deleteInlinePolicy("test", of: kind, named: name)
        try await identity.account(caller.account).deleteUser(name)
    }

    private func entity(of caller: Caller) throws -> (Entity.Kind, String) {
        switch caller.kind {
        case .user(let name): (.user, name)
        case .role(let arn): (.role, arn.split(separator: "/").last.map(String.init) ?? "")
        case .root, .federatedUser, .anonymous: throw TestSetupError("\(caller.arn) has no policies")
        }
    }
}

/// The texts of policies for tests.
package enum PolicyText {
    /// A policy of these statements, in the newer language version.
    package static func of(_ statements: String...) -> String {
        #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
    }

    /// A statement of an identity policy; `action` and `condition` are JSON.
    package static func statement(_ effect: String, _ element: String = "Action", _ action: String = #""*""#, when condition: String? = nil) -> String
    {
        #"{"Effect":"\#(effect)","\#(element)":\#(action),"Resource":"*"\#(condition.map { ",\"Condition\":\($0)" } ?? "")}"#
    }

    /// A statement of a repository's policy; all but `effect` is JSON.
    package static func grant(_ effect: String = "Allow", to principal: String, _ action: String = #""ecr:*""#, when condition: String? = nil)
        -> String
    {
        #"{"Effect":"\#(effect)","Principal":\#(principal),"Action":\#(action)\#(condition.map { ",\"Condition\":\($0)" } ?? "")}"#
    }
}
