import AWSCore
import IAM
import Identity
import Stores

/// The model's InstanceProfile.
struct InstanceProfileShape: Encodable, Sendable {
    let path: String
    let instanceProfileName: String
    let instanceProfileId: String
    let arn: String
    let createDate: Timestamp
    let roles: QueryList<RoleShape>
    let tags: QueryList<Tag>?

    /// Without `tags`, as lists have it.
    init(_ profile: InstanceProfile, tags: [IAMTag] = []) {
        path = profile.path
        instanceProfileName = profile.name
        instanceProfileId = profile.id
        arn = profile.arn.description
        createDate = profile.createdAt
        roles = QueryList(profile.role.map { [RoleShape(listed: $0)] } ?? [])
        self.tags = tags.isEmpty ? nil : QueryList(tags.map(Tag.init))
    }
}

/// The output of CreateInstanceProfile and GetInstanceProfile.
struct InstanceProfileOutput: Encodable, Sendable {
    let instanceProfile: InstanceProfileShape
}

/// The output of the operations that list instance profiles.
struct InstanceProfilesOutput: Encodable, Sendable {
    let instanceProfiles: QueryList<InstanceProfileShape>
    let isTruncated: Bool
    let marker: String?
}

/// The model's instanceProfileNameType.
typealias InstanceProfileName = EntityName<128>

/// An operation on one instance profile.
protocol InstanceProfileOperation: IAMOperation {
    var instanceProfileName: InstanceProfileName { get }
}

extension InstanceProfileOperation {
    func permissions(_ context: OperationContext) async throws -> [Permission] {
        [permission(on: try await target(context))]
    }

    /// What the operation is about.
    func target(_ context: OperationContext) async throws -> Target {
        try await context.account.target(instanceProfile: instanceProfileName.value)
    }
}
