import AWSCore
import IAM
import Stores

/// What a caller wants to do with a key.
package struct KeyUse: Sendable {
    /// The operation that IAM decides, without `kms:`.
    package let action: String
    /// That of the request; nil for operations without one.
    package let context: EncryptionContext?
    /// The constraints of the grant that is to be made.
    package let constraints: GrantConstraints?
    /// What conditions may ask about this request besides.
    package let facts: [String: [String]]
    /// The service through which the caller comes, such as `ecr.us-east-1.amazonaws.com`.
    package let service: String?

    package init(
        _ action: String, context: EncryptionContext? = nil, granting constraints: GrantConstraints? = nil, facts: [String: [String]] = [:],
        via service: String? = nil
    ) {
        self.action = action
        self.context = context
        self.constraints = constraints
        self.facts = facts
        self.service = service
    }
}

/// Decides what callers may do with keys: by the key's policy, which must allow or leave it to the account's IAM, and by grants, which allow as it does.
///
/// Source: AWS KMS developer guide, "Determining access to AWS KMS keys", "Condition keys for AWS KMS".
package struct KeyAuthorizer: Sendable {
    private let database: any Database
    private let authorizer: Authorizer

    package init(database: any Database, authorizer: Authorizer) {
        self.database = database
        self.authorizer = authorizer
    }

    /// Passes when the caller may use the key so. Throws `AccessDenied`.
    package func require(_ use: KeyUse, of found: FoundKey, _ context: RequestContext) async throws {
        try await require(use, of: found, named: found.name, context)
    }

    private func require(_ use: KeyUse, of found: FoundKey, named name: ARN?, _ context: RequestContext) async throws {
        let permission = permission(for: use, of: found, context)
        let decision = try await decide(permission, policies(of: found.key, for: use, context), found, context)
        guard decision.isAllowed else { throw try await denial(of: permission, decision, for: use, named: name, context) }
    }

    /// Passes when the caller's own policies let them ask for a key that is not there, by the name `name`: others are not told that. Throws `AccessDenied`.
    package func require(_ use: KeyUse, ofAbsent name: ARN?, _ context: RequestContext) async throws {
        let alias = name.flatMap { $0.resource.hasPrefix("alias/") ? $0.resource : nil }
        try await authorizer.require([permission(for: use, on: name, alias: alias, context)], context)
    }

    /// What a caller is told who may not use a key that is there. Throws `AccessDenied` to those who may not ask either: the same as if it were not there.
    private func denial(
        of permission: Permission, _ decision: Decision, for use: KeyUse, named name: ARN?, _ context: RequestContext
    ) async throws -> AccessDenied {
        try await require(use, ofAbsent: name, context)
        return AccessDenied(principal: context.caller.arn, permission: permission, decision: decision)
    }

    /// Passes when the caller may have ECR use the key that was found by `name` for what is bound to `context`, as it is asked when a repository is made:
    /// describe the key and create the grant. Where none was found, it passes for those who may be told so. A key that is not held here is decided by the
    /// caller's own policies; its service decides for this server. Throws `KeyFailure`.
    package func requireUseByECR(
        of key: KMSKey?, named name: ARN?, for context: EncryptionContext, _ request: RequestContext, in services: KMSServices
    ) async throws {
        let ring = services.ring(request.caller.account, request.region)
        let constraints = GrantConstraints(subset: context)
        let facts = [
            "kms:GrantOperations": ["GenerateDataKey", "Decrypt"], "kms:GranteePrincipal": [ring.ecrService],
            "kms:RetiringPrincipal": [ring.ecrService], "kms:GrantConstraintType": ["EncryptionContextSubset"],
        ]
        let describing = KeyUse("DescribeKey", via: ring.ecrService)
        let granting = KeyUse("CreateGrant", granting: constraints, facts: facts, via: ring.ecrService)
        do {
            guard let key else { return try await require(describing, ofAbsent: name, request) }
            let found = try await ring.findHeldHere(key.arn)
            for use in [describing, granting] {
                if let found {
                    try await require(use, of: found, named: name, request)
                } else {
                    let permission = Permission("kms:\(use.action)", on: ARN(key.arn), owner: request.caller.account)
                    let decision = try await authorizer.decide(permission, request)
                    guard decision.isAllowed else { throw try await denial(of: permission, decision, for: use, named: name, request) }
                }
            }
        } catch let denial as AccessDenied {
            throw KeyFailure(.accessDenied, denial.description)
        }
    }

    /// Passes when the caller may do `action` by IAM policies, where there is no key to ask; on everything when `resource` is nil. Throws `AccessDenied`.
    package func require(_ action: String, on resource: ARN?, _ context: RequestContext) async throws {
        try await authorizer.require([Permission("kms:\(action)", on: resource)], context)
    }

    /// Passes when the caller may do all `actions` by IAM policies to keys that are not there yet. Throws `AccessDenied`.
    package func require(_ actions: [String], _ facts: [String: [String]], _ context: RequestContext) async throws {
        try await authorizer.require(actions.map { Permission("kms:\($0)", facts: facts) }, context)
    }

    /// Passes when the caller may take back a grant: who the grant says, and the account that made it. Throws `AccessDenied`.
    package func requireRetirement(of grant: Grant, on found: FoundKey, _ context: RequestContext) async throws {
        let use = KeyUse("RetireGrant")
        let permission = permission(for: use, of: found, context)
        let allowed = [grant.retiree, grant.permits("RetireGrant", context: [:]) ? grant.grantee : nil, grant.issuer.description].compactMap(\.self)
        let policies = try [keyPolicy(of: found.key)] + allowed.map { try NamedPolicy(grant: grant.id, to: $0, action: use.action) }
        let decision = try await decide(permission, policies, found, context)
        guard decision.isAllowed else { throw try await denial(of: permission, decision, for: use, named: found.name, context) }
    }

    /// Whether `policy` lets the caller change it again, or leaves that to the account, where it is IAM's to say.
    package func couldChange(_ policy: PolicyDocument, of found: FoundKey, _ context: RequestContext) async throws -> Bool {
        let permission = permission(for: KeyUse("PutKeyPolicy"), of: found, context)
        switch try await decide(permission, [NamedPolicy(name: Self.policyName, document: policy)], found, context) {
        case .allowed: return true
        case .explicitlyDenied: return false
        case .implicitlyDenied(let kind): return kind != .resource
        }
    }

    private func decide(
        _ permission: Permission, _ policies: [NamedPolicy], _ found: FoundKey, _ context: RequestContext
    ) async throws -> Decision {
        try await authorizer.decide(permission, context) { facts in
            facts.policies.resource = policies
            facts.policies.needsResourceAllow = true
            facts.resourceTags = Dictionary(found.tags.map { ($0.key, $0.value) }) { $1 }
        }
    }

    private static let policyName = "key policy"

    private func keyPolicy(of key: Key) throws -> NamedPolicy {
        NamedPolicy(name: Self.policyName, document: try PolicyDocument(json: key.policy, as: .container))
    }

    /// The key's policy, and what its grants say to this caller of this use.
    private func policies(of key: Key, for use: KeyUse, _ context: RequestContext) async throws -> [NamedPolicy] {
        let caller = context.caller
        let scope = (use.context ?? [:])[GrantConstraints.scopeName] ?? use.constraints?.scope ?? ""
        let names = [caller.principalID, caller.userID, caller.arn, caller.account.description]
        let grants =
            caller.kind == .anonymous ? [] : try await database.read { try $0.grants(on: key.id, to: names, scope: scope) }
        let matching = grants.filter { grant in
            if use.action == "CreateGrant" {
                return grant.operations.contains(use.action) && use.constraints?.isAsStrict(as: grant.constraints) == true
            }
            return grant.permits(use.action, context: use.context ?? [:])
        }
        return try [keyPolicy(of: key)] + matching.map { try NamedPolicy(grant: $0.id, to: $0.grantee, action: use.action) }
    }

    private func permission(for use: KeyUse, of found: FoundKey, _ context: RequestContext) -> Permission {
        permission(for: use, on: found.key.arn, alias: found.requestAlias, aliases: found.aliases, context)
    }

    /// Without `aliases` where there is no key.
    private func permission(
        for use: KeyUse, on resource: ARN?, alias: String?, aliases: [String]? = nil, _ context: RequestContext
    ) -> Permission {
        var facts = use.facts
        facts["kms:CallerAccount"] = [context.caller.account.description]
        facts["kms:KeyOrigin"] = ["AWS_KMS"]
        facts["kms:KeySpec"] = ["SYMMETRIC_DEFAULT"]
        facts["kms:CustomerMasterKeySpec"] = ["SYMMETRIC_DEFAULT"]
        facts["kms:KeyUsage"] = ["ENCRYPT_DECRYPT"]
        facts["kms:CustomerMasterKeyUsage"] = ["ENCRYPT_DECRYPT"]
        facts["kms:MultiRegion"] = ["false"]
        facts["kms:ResourceAliases"] = aliases
        facts["kms:RequestAlias"] = alias.map { [$0] }
        if let service = use.service {
            facts["kms:ViaService"] = [service]
            facts["kms:GrantIsForAWSResource"] = ["true"]
        }
        let pairs = use.context ?? use.constraints?.equals ?? use.constraints?.subset ?? [:]
        for (name, value) in pairs { facts["kms:EncryptionContext:\(name)"] = [value] }
        if !pairs.isEmpty { facts["kms:EncryptionContextKeys"] = pairs.keys.sorted() }
        return Permission("kms:\(use.action)", on: resource, facts: facts)
    }
}

extension NamedPolicy {
    /// What a grant says, in the language of policies.
    fileprivate init(grant id: String, to principal: String, action: String) throws {
        let element = principal.hasSuffix(".amazonaws.com") ? "Service" : "AWS"
        self.init(
            name: "grant \(id)",
            document: try PolicyDocument(
                json: """
                    {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"\(element)":"\(principal)"},"Action":"kms:\(action)",\
                    "Resource":"*"}}
                    """, as: .container))
    }
}
