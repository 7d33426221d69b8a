import IAM
import Stores

/// A policy of AWS's own, `arn:aws:iam::aws:policy/…`: the same in every account, unchangeable.
package struct AWSManagedPolicy: Sendable {
    /// `ANPA…`
    package let id: String
    package let name: String
    /// `/`, `/service-role/`, `/aws-service-role/`.
    package let path: String
    package let description: String
    /// JSON.
    package let document: String
    /// `v1` and up: the number of AWS's version that the document is.
    package let version: Int
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    package var arn: String { "arn:aws:iam::aws:policy\(path)\(name)" }
}

/// The policies of AWS's own that Berth knows.
package enum AWSManagedPolicies {
    /// By ARN.
    package static let all: [AWSManagedPolicy] = []

    private static let byARN = Dictionary(uniqueKeysWithValues: all.map { ($0.arn, $0) })

    /// The policy of this ARN; nil when there is none.
    package static func find(_ arn: String) -> AWSManagedPolicy? { byARN[arn] }
}
