import Stores

extension Account {
    /// What there is in the account and what there may be, by the names that IAM has for it.
    package func summary() async throws -> [String: Int] {
        let id = id
        return try await database.read { transaction in
            let (policies, versions) = try PolicyRecords.count(in: id, transaction)
            let rootKeys = try AccessKeyRecords.list(account: id, principal: id.description, transaction)
            return [
                "Users": try EntityRecords.count(.user, in: id, transaction),
                "Groups": try EntityRecords.count(.group, in: id, transaction),
                "Roles": try EntityRecords.count(.role, in: id, transaction),
                "Policies": policies,
                "PolicyVersionsInUse": versions,
                "AccountAccessKeysPresent": rootKeys.isEmpty ? 0 : 1,
                "AccountMFAEnabled": 0,
                "AccountPasswordPresent": 0,
                "AccountSigningCertificatesPresent": 0,
                "MFADevices": 0,
                "MFADevicesInUse": 0,
                "ServerCertificates": 0,
                "AccessKeysPerUserQuota": Self.keysPerOwner,
                "GroupsPerUserQuota": Self.groupsPerUser,
                "AttachedPoliciesPerUserQuota": Self.policiesPerEntity,
                "AttachedPoliciesPerGroupQuota": Self.policiesPerEntity,
                "AttachedPoliciesPerRoleQuota": Self.policiesPerEntity,
                "UserPolicySizeQuota": Entity.Kind.user.inlinePolicySizeLimit,
                "GroupPolicySizeQuota": Entity.Kind.group.inlinePolicySizeLimit,
                "RolePolicySizeQuota": Entity.Kind.role.inlinePolicySizeLimit,
                "PolicySizeQuota": ManagedPolicy.sizeLimit,
                "VersionsPerPolicyQuota": ManagedPolicy.versionLimit,
            ]
        }
    }
}
