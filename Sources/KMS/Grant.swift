import AWSCore
import Foundation
import Stores

/// A permission to use a key that stands beside the key's policy.
///
/// Source: AWS KMS developer guide, "Grants in AWS KMS".
package struct Grant: Hashable, Sendable {
    /// 64 hexadecimal digits.
    package let id: String
    package let keyID: String
    package let name: String?
    /// Who is allowed, as it is stored: the unique id of a user or role, that of a role with the name of a session, an account, a service's name.
    package let grantee: String
    /// Who may take it back; as `grantee`.
    package let retiree: String?
    package let issuer: AccountID
    /// By the model's names: `Decrypt` and so on.
    package let operations: [String]
    package let constraints: GrantConstraints
    package let createdAt: Timestamp

    /// True when the grant is for `operation` with this encryption context, on behalf of the resource `source`.
    package func permits(_ operation: String, context: EncryptionContext, source: String? = nil) -> Bool {
        guard operations.contains(operation) else { return false }
        if let required = constraints.source, operation != "RetireGrant", source != required { return false }
        // These have no encryption context.
        return ["DescribeKey", "RetireGrant"].contains(operation) || constraints.permit(context)
    }
}

/// What a use of a key must bring along for a grant to hold.
package struct GrantConstraints: Hashable, Sendable {
    /// All of these pairs.
    package let subset: EncryptionContext?
    /// These pairs and no other.
    package let equals: EncryptionContext?
    /// The resource on whose behalf a service acts.
    package let source: String?

    package init(subset: EncryptionContext? = nil, equals: EncryptionContext? = nil, source: String? = nil) {
        self.subset = subset
        self.equals = equals
        self.source = source
    }

    /// True when an encryption context fulfils both.
    package func permit(_ context: EncryptionContext) -> Bool {
        if let equals, equals != context { return false }
        return (subset ?? [:]).allSatisfy { context[$0.key] == $0.value }
    }

    /// True when `other` lets through nothing that this does not: what a grant that was made by a grant must be.
    package func isAsStrict(as other: GrantConstraints) -> Bool {
        if let required = other.equals, equals != required { return false }
        guard let required = other.subset else { return true }
        let own = equals ?? subset ?? [:]
        return required.allSatisfy { own[$0.key] == $0.value }
    }

    /// By which ECR's grants on one key differ.
    static let scopeName = "aws:ecr:arn"

    var scope: String { (equals ?? subset ?? [:])[Self.scopeName] ?? "" }
}

/// What makes a new grant.
package struct GrantRequest: Hashable, Sendable {
    package var name: String?
    package var grantee: String
    package var retiree: String?
    package var operations: [String]
    package var constraints: GrantConstraints

    package init(name: String? = nil, grantee: String, retiree: String? = nil, operations: [String], constraints: GrantConstraints) {
        self.name = name
        self.grantee = grantee
        self.retiree = retiree
        self.operations = operations
        self.constraints = constraints
    }
}
