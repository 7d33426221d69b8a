import IAM
import Stores

extension Account {
    /// Makes a role that `trustPolicy` says who may act as. Throws `entityExists`, `malformedPolicy`, `quotaExceeded` for a trust
    /// policy that is too long, `policyNotFound` for the boundary, and what tags may not be.
    package func createRole(
        _ name: String, path: String = "/", trustPolicy: String, description: String? = nil, maxSessionSeconds: Int = Role.defaultSessionSeconds,
        boundary: String? = nil, tags: [IAMTag] = []
    ) async throws -> Role {
        try checkTrustPolicy(trustPolicy)
        return try await createRole(
            name, path: path, trustPolicy: trustPolicy, description: description, maxSessionSeconds: maxSessionSeconds, boundary: boundary,
            tags: tags, service: nil)
    }

    func createRole(
        _ name: String, path: String, trustPolicy: String, description: String?, maxSessionSeconds: Int, boundary: String?, tags: [IAMTag],
        service: String?, policies: [String] = []
    ) async throws -> Role {
        let entity = try await create(.role, name, path: path, boundary: boundary, tags: tags) { entity, transaction in
            let record = RoleRecord(
                id: entity.id, trustPolicy: try transaction.bindingPrincipals(in: trustPolicy), description: description,
                maxSessionSeconds: maxSessionSeconds, service: service, lastUse: nil)
            try RoleRecords.insert(record, transaction)
            for policy in policies { try AttachmentRecords.insert(policy, to: entity.id, transaction) }
        }
        return Role(
            entity: entity, trustPolicy: trustPolicy, description: description, maxSessionSeconds: maxSessionSeconds, service: service, lastUse: nil)
    }

    /// Passes when `text` is a trust policy that may be kept; whether its principals exist is asked when it is.
    func checkTrustPolicy(_ text: String) throws {
        do {
            let document = try PolicyDocument(json: text, as: .trust)
            if let open = document.unscopedSharedIssuer {
                throw IdentityError.malformedPolicy(
                    "The trust policy trusts the shared OpenID Connect provider \(open.issuer) without a condition that limits \(open.key).")
            }
        } catch let error as MalformedPolicy {
            throw IdentityError.malformedPolicy(error.description)
        }
        guard text.sizeWithoutBlanks <= Role.trustPolicyLimit else {
            throw IdentityError.quotaExceeded(.trustPolicySize, limit: Role.trustPolicyLimit)
        }
    }
}
