import AWSCore

extension AccessKeys {
    /// What a signature check asks: the secret of an active key. `SigV4Verifier` has made sure that a long-lived key comes
    /// without a session token; there are no sessions yet, so a temporary key is unknown.
    package func signingCredential(_ id: String, sessionToken: String?) async throws -> SigningCredential {
        guard sessionToken == nil, let key = try await find(id), key.isActive else { return .unknown }
        return .secret(key.secret)
    }
}
