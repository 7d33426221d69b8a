import AWSCore
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
package struct DockerTokens: Sendable {
    let database: any Database
    let keys: any KeyProvider
    let clock: any WallClock
    let ids: any IDSource

    package init(database: any Database, keys: any KeyProvider, clock: any WallClock, ids: any IDSource) {
        self.database = database
        self.keys = keys
        self.clock = clock
        self.ids = ids
    }

    /// A token for `caller`, whose access key must not be nil.
    package func issue(to caller: Caller) async throws -> DockerToken { fatalError("stub") }

    /// Who `password` stands for. Throws `TokenRefusal`.
    package func caller(for password: String) async throws -> Caller { fatalError("stub") }
}
