/// Where the public keys of an OpenID Connect issuer come from.
package protocol IssuerKeySource: Sendable {
    /// The JSON Web Key Set of the issuer with this URL, as its discovery document names it. Throws `IssuerUnreachable`.
    func keySet(of issuer: String) async throws -> [UInt8]
}

/// The keys of an issuer could not be had.
package struct IssuerUnreachable: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// Fetches nothing: only issuers whose keys were uploaded can be used.
package struct NoIssuerKeys: IssuerKeySource {
    package init() {}

    package func keySet(of issuer: String) async throws -> [UInt8] {
        throw IssuerUnreachable("This server fetches no keys of issuers.")
    }
}
