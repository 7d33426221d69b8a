import AWSCore
import IAM
import Identity

/// The model's PolicyIdentifier: policies that a simulation leaves out, by one of three descriptions.
struct PolicyExclusion: Decodable, Sendable {
    /// The model's PolicyIdentifierPolicyType.
    enum PolicyType: String, ConstrainedEnum, Sendable {
        case inline
        case awsManaged = "aws-managed"
        case userManaged = "user-managed"
        case permissionBoundary = "permission-boundary"
        case scp, rcp
    }

    /// The model's InlinePolicyIdentifierType.
    struct InlinePolicy: Decodable, Sendable {
        let policyName: PolicyName
        let attachmentType: AttachmentType
        let attachmentName: PolicyName
    }

    enum AttachmentType: String, ConstrainedEnum, Sendable {
        case user, group, role
    }

    let policyType: PolicyType?
    let policyArn: EntityARN?
    let inlinePolicyIdentifier: InlinePolicy?

    /// Throws `InvalidInput` unless there is one description.
    func check() throws(AWSError) {
        guard [policyType != nil, policyArn != nil, inlinePolicyIdentifier != nil].count(where: { $0 }) == 1 else {
            throw AWSError("InvalidInput", "Each policy exclusion must specify exactly one of PolicyType, PolicyArn and InlinePolicyIdentifier.")
        }
    }

    /// True of the permissions boundary of whatever principal.
    var excludesBoundary: Bool { policyType == .permissionBoundary }

    /// True when the description is that of `source`.
    func excludes(_ source: PolicySource) -> Bool {
        switch source.origin {
        case .inline(let name, let kind, let entity):
            guard let inline = inlinePolicyIdentifier else { return policyType == .inline }
            return inline.policyName.value == name && inline.attachmentType.rawValue == kind.rawValue && inline.attachmentName.value == entity
        case .managed(let arn, _):
            if let policyArn { return Wildcard(policyArn.value).matches(arn) }
            return policyType == (arn.hasPrefix("arn:aws:iam::aws:") ? .awsManaged : .userManaged)
        }
    }
}
