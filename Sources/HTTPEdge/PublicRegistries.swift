import IAM
import Identity
import OCI
import RegistryCore

/// What stands behind the docker side of public registries.
package struct PublicRegistries: Sendable {
    /// Who a docker password for public registries stands for. Throws `TokenRefusal`.
    package var dockerCaller: @Sendable (_ password: String) async throws -> Caller
    package var issueAnonymousToken: @Sendable () async throws -> AnonymousToken
    package var isAnonymousToken: @Sendable (_ token: String) async throws -> Bool
    /// A logo by its digest; nil when there is none.
    package var logo: @Sendable (Digest) async throws -> [UInt8]?

    package init(
        dockerCaller: @escaping @Sendable (String) async throws -> Caller, issueAnonymousToken: @escaping @Sendable () async throws -> AnonymousToken,
        isAnonymousToken: @escaping @Sendable (String) async throws -> Bool, logo: @escaping @Sendable (Digest) async throws -> [UInt8]?
    ) {
        self.dockerCaller = dockerCaller
        self.issueAnonymousToken = issueAnonymousToken
        self.isAnonymousToken = isAnonymousToken
        self.logo = logo
    }

    /// Those of an installation.
    package init(services: RegistryServices, identity: IdentityServices) {
        self.init(
            dockerCaller: { try await identity.publicTokens.caller(for: $0) },
            issueAnonymousToken: { try await identity.anonymousTokens.issue() },
            isAnonymousToken: { try await identity.anonymousTokens.accepts($0) },
            logo: { try await services.logo($0) })
    }
}
