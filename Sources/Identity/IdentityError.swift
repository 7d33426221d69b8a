/// Everything that a caller may be told by the rules of an account; no wire code in it. The dialect has one exhaustive table
/// from these cases to codes, statuses and texts.
package enum IdentityError: Error, Hashable {
    case entityNotFound(Entity.Kind, name: String)
    case entityExists(Entity.Kind, name: String)
    case boundaryNotFound(Entity.Kind, name: String)
    case inlinePolicyNotFound(Entity.Kind, name: String)
    case accessKeyNotFound(id: String)
    case aliasNotFound(String)
    case aliasExists(String)

    /// No credential report was made yet.
    case credentialReportNotPresent
    case credentialReportExpired

    /// No managed policy has this ARN.
    case policyNotFound(arn: String)
    /// The same, where the policy was to be attached or to be a boundary.
    case policyNotAttachable(arn: String)
    /// Only the role of a service of AWS's has this policy.
    case policyOfService(arn: String)
    case policyVersionNotFound(arn: String, version: String)
    /// The policy is not attached to the entity.
    case policyNotAttached(arn: String)
    case policyExists(name: String)
    /// A policy of AWS's own, which no account can change.
    case policyOfAWS(arn: String)
    /// Not the ARN of a policy at all.
    case invalidPolicyARN(String)
    case malformedPolicy(String)

    /// Something must be removed before the entity or policy can be deleted.
    case deleteConflict(DeleteObstacle)
    case quotaExceeded(Quota, limit: Int)
    /// The inline policies of an entity would be larger together than `limit` characters, blanks not counted.
    case inlinePoliciesTooLarge(Entity.Kind, name: String, limit: Int)
    case tooManyPolicyVersions(limit: Int)
    case tooManyTags(limit: Int)
    /// Two keys of tags that differ in the case of letters at most.
    case duplicateTagKeys
    /// A tag whose key begins with `aws:`.
    case reservedTagKey(String)

    /// A role that belongs to a service, which alone may change it.
    case protectedRole(name: String)
    case instanceProfileNotFound(name: String)
    case instanceProfileExists(name: String)
    case oidcProviderNotFound(arn: String)
    case oidcProviderExists(url: String)
    case invalidOIDCProviderARN(String)
    case invalidOIDCProviderURL(String)
    /// The service has no roles of its own here.
    case serviceWithoutRole(String)
    case serviceRoleExists(name: String)
    case customSuffixRefused(service: String)
    case deletionTaskNotFound(String)
    case invalidDeletionTask(String)
    /// Not the ARN of a user, group or role.
    case invalidEntityARN(String)
}

/// What stands in the way of a deletion.
package enum DeleteObstacle: Hashable, Sendable {
    case accessKeys, inlinePolicies, attachedPolicies, groups, members, instanceProfiles
    /// The managed policy is attached to something, or bounds it.
    case policyInUse
    case policyVersions
    case defaultPolicyVersion
}

/// A quota of AWS's, by its name.
package enum Quota: String, Hashable, Sendable {
    case accessKeysPerUser = "AccessKeysPerUser"
    case groupsPerUser = "GroupsPerUser"
    case attachedPoliciesPerUser = "PoliciesPerUser"
    case attachedPoliciesPerGroup = "PoliciesPerGroup"
    case attachedPoliciesPerRole = "PoliciesPerRole"
    case policySize = "PolicySize"
    case aliasesPerAccount = "AccountAliasesPerAccount"
    case trustPolicySize = "ACLSizePerRole"
    case rolesPerInstanceProfile = "InstanceSessionsPerInstanceProfile"
    case clientIDsPerProvider = "ClientIdsPerOpenIdConnectProvider"
    case thumbprintsPerProvider = "ThumbprintsPerOpenIdConnectProvider"
    case oidcProvidersPerAccount = "OpenIdConnectProvidersPerAccount"
}
