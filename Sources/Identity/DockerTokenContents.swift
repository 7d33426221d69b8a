/// What is sealed in a docker token: who, where and until when, but no rights.
struct DockerTokenContents: Codable, Hashable, Sendable {
    /// Unique to the token, for the log and for revocation.
    let id: String
    let account: String
    /// The principal's unique id: the account id for root.
    let principal: String
    let accessKeyID: String
    let region: String
    /// In milliseconds since 1970, as `expiresAt`.
    let issuedAt: Int64
    let expiresAt: Int64
}
