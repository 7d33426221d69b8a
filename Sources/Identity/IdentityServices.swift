import AWSCore
import Stores

/// What the accounts of an installation stand on.
package struct IdentityServices: Sendable {
    package let database: any Database
    package let keys: any KeyProvider
    package let clock: any WallClock
    package let ids: any IDSource
    package let accessKeys: AccessKeys
    package let accessKeyUses: AccessKeyUses
    package let credentials: Credentials
    package let sessions: Sessions
    package let dockerTokens: DockerTokens
    /// Of public registries, for which other docker passwords are issued.
    package let publicTokens: DockerTokens
    package let anonymousTokens: AnonymousTokens
    package let webIdentityTokens: WebIdentityTokens

    /// `issuerKeys` fetches the keys of OpenID Connect issuers; `tokensOutliveSessions` gives every docker token twelve hours,
    /// also where the session that asks ends sooner.
    package init(
        database: any Database, keys: any KeyProvider, clock: any WallClock = SystemClock(), ids: any IDSource = SystemIDs(),
        issuerKeys: any IssuerKeySource = NoIssuerKeys(), tokensOutliveSessions: Bool = false
    ) {
        self.database = database
        self.keys = keys
        self.clock = clock
        self.ids = ids
        let tokenKeys = TokenKeys(database: database, keys: keys, clock: clock, ids: ids)
        accessKeys = AccessKeys(database: database, keys: keys, ids: ids)
        accessKeyUses = AccessKeyUses(database: database, clock: clock)
        sessions = Sessions(database: database, clock: clock, ids: ids, keys: tokenKeys)
        credentials = Credentials(accessKeys: accessKeys, sessions: sessions, clock: clock)
        dockerTokens = DockerTokens(sessions: sessions, keys: tokenKeys, purpose: "docker token", outlivesSession: tokensOutliveSessions)
        publicTokens = DockerTokens(sessions: sessions, keys: tokenKeys, purpose: "public docker token", outlivesSession: tokensOutliveSessions)
        anonymousTokens = AnonymousTokens(keys: tokenKeys, clock: clock)
        webIdentityTokens = WebIdentityTokens(source: issuerKeys, clock: clock)
    }

    /// The IAM of an account.
    package func account(_ id: AccountID) -> Account { Account(id: id, services: self) }
}

/// One account and everything that IAM holds in it. The rules are in extensions, one file for each; they throw `IdentityError`
/// for what a caller may be told. Nothing here asks who is calling: authorization came before.
package struct Account: Sendable {
    package let id: AccountID
    let services: IdentityServices

    var database: any Database { services.database }
    var ids: any IDSource { services.ids }

    /// The ARN of something of IAM in this account: `arn:aws:iam::<account>:<resource>`.
    package func arn(_ resource: String) -> ARN { ARN(service: "iam", region: "", account: id.description, resource: resource) }
}
