import AWSCore
import Identity
import Stores

/// The model's UserDetail.
struct UserDetailShape: Encodable, Sendable {
    let path: String
    let userName: String
    let userId: String
    let arn: String
    let createDate: Timestamp
    let userPolicyList: QueryList<InlinePolicyShape>
    let groupList: QueryList<String>
    let attachedManagedPolicies: QueryList<AttachedPolicyShape>
    let permissionsBoundary: BoundaryShape?
    let tags: QueryList<Tag>

    init(_ detail: EntityDetail) {
        path = detail.entity.path
        userName = detail.entity.name
        userId = detail.entity.id
        arn = detail.entity.arn.description
        createDate = detail.entity.createdAt
        userPolicyList = QueryList(detail.inlinePolicies.map(InlinePolicyShape.init))
        groupList = QueryList(detail.groups)
        attachedManagedPolicies = QueryList(detail.attachedPolicies.map(AttachedPolicyShape.init))
        permissionsBoundary = detail.entity.boundary.map(BoundaryShape.init)
        tags = QueryList(detail.tags.map(Tag.init))
    }
}

/// The model's GroupDetail.
struct GroupDetailShape: Encodable, Sendable {
    let path: String
    let groupName: String
    let groupId: String
    let arn: String
    let createDate: Timestamp
    let groupPolicyList: QueryList<InlinePolicyShape>
    let attachedManagedPolicies: QueryList<AttachedPolicyShape>

    init(_ detail: EntityDetail) {
        path = detail.entity.path
        groupName = detail.entity.name
        groupId = detail.entity.id
        arn = detail.entity.arn.description
        createDate = detail.entity.createdAt
        groupPolicyList = QueryList(detail.inlinePolicies.map(InlinePolicyShape.init))
        attachedManagedPolicies = QueryList(detail.attachedPolicies.map(AttachedPolicyShape.init))
    }
}

/// The model's RoleDetail.
struct RoleDetailShape: Encodable, Sendable {
    let path: String
    let roleName: String
    let roleId: String
    let arn: String
    let createDate: Timestamp
    let assumeRolePolicyDocument: PercentEncodedText?
    let instanceProfileList: QueryList<InstanceProfileShape>
    let rolePolicyList: QueryList<InlinePolicyShape>
    let attachedManagedPolicies: QueryList<AttachedPolicyShape>
    let permissionsBoundary: BoundaryShape?
    let tags: QueryList<Tag>
    let roleLastUsed: RoleLastUsedShape?

    init(_ detail: EntityDetail) {
        path = detail.entity.path
        roleName = detail.entity.name
        roleId = detail.entity.id
        arn = detail.entity.arn.description
        createDate = detail.entity.createdAt
        assumeRolePolicyDocument = (detail.role?.role.trustPolicy).map { PercentEncodedText($0) }
        instanceProfileList = QueryList((detail.role?.instanceProfiles ?? []).map { InstanceProfileShape($0) })
        rolePolicyList = QueryList(detail.inlinePolicies.map(InlinePolicyShape.init))
        attachedManagedPolicies = QueryList(detail.attachedPolicies.map(AttachedPolicyShape.init))
        permissionsBoundary = detail.entity.boundary.map(BoundaryShape.init)
        tags = QueryList(detail.tags.map(Tag.init))
        roleLastUsed = RoleLastUsedShape(detail.role?.role.lastUse)
    }
}

/// The model's PolicyDetail: an inline policy.
struct InlinePolicyShape: Encodable, Sendable {
    let policyName: String
    let policyDocument: PercentEncodedText

    init(_ policy: InlinePolicy) {
        policyName = policy.name
        policyDocument = PercentEncodedText(policy.document)
    }
}

/// The model's ManagedPolicyDetail.
struct PolicyDetailShape: Encodable, Sendable {
    let policyName: String
    let policyId: String
    let arn: String
    let path: String
    let defaultVersionId: String
    let attachmentCount: Int
    let permissionsBoundaryUsageCount: Int
    let isAttachable = true
    let description: String?
    let createDate: Timestamp
    let updateDate: Timestamp
    let policyVersionList: QueryList<PolicyVersionShape>

    init(_ detail: PolicyDetail) {
        policyName = detail.policy.name
        policyId = detail.policy.id
        arn = detail.policy.arn
        path = detail.policy.path
        defaultVersionId = "v\(detail.policy.defaultVersion)"
        attachmentCount = detail.use.attachments
        permissionsBoundaryUsageCount = detail.use.boundaries
        description = detail.policy.description
        createDate = detail.policy.createdAt
        updateDate = detail.policy.updatedAt
        policyVersionList = QueryList(detail.versions.map { PolicyVersionShape($0, withDocument: true) })
    }
}
