import AWSCore
import Identity
import Stores

/// The model's Policy.
struct PolicyShape: Encodable, Sendable {
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
    let tags: QueryList<Tag>?

    /// Without `description` and `tags`, as lists have it.
    init(_ policy: ManagedPolicy, _ use: PolicyUse, description: String? = nil, tags: [IAMTag] = []) {
        policyName = policy.name
        policyId = policy.id
        arn = policy.arn
        path = policy.path
        defaultVersionId = "v\(policy.defaultVersion)"
        attachmentCount = use.attachments
        permissionsBoundaryUsageCount = use.boundaries
        self.description = description
        createDate = policy.createdAt
        updateDate = policy.updatedAt
        self.tags = tags.isEmpty ? nil : QueryList(tags.map(Tag.init))
    }
}

/// The output of CreatePolicy and GetPolicy.
struct PolicyOutput: Encodable, Sendable {
    let policy: PolicyShape
}

/// The model's PolicyVersion.
struct PolicyVersionShape: Encodable, Sendable {
    let document: PercentEncodedText?
    let versionId: String
    let isDefaultVersion: Bool
    let createDate: Timestamp

    /// With the document where AWS tells it.
    init(_ version: PolicyVersion, withDocument: Bool = false) {
        document = withDocument ? PercentEncodedText(version.document) : nil
        versionId = version.id
        isDefaultVersion = version.isDefault
        createDate = version.createdAt
    }
}

/// The output of CreatePolicyVersion and GetPolicyVersion.
struct PolicyVersionOutput: Encodable, Sendable {
    let policyVersion: PolicyVersionShape
}

/// `v1` and up.
struct PolicyVersionID: Decodable, Sendable {
    let value: String

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard text.wholeMatch(of: /v[1-9][0-9]*(\.[A-Za-z0-9-]*)?/) != nil else {
            throw ConstraintViolation(
                at: decoder, reason: #"Member must satisfy regular expression pattern: v[1-9][0-9]*(\.[A-Za-z0-9-]*)?"#)
        }
        value = text
    }
}
