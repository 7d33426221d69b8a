import AWSCore
import Stores

/// A managed policy of an account, or one of AWS's own.
package struct ManagedPolicy: Hashable, Sendable {
    /// `ANPA…`
    package let id: String
    package let arn: String
    package let name: String
    package let path: String
    package let description: String?
    /// The number of the version that holds: 1 for `v1`.
    package let defaultVersion: Int
    /// The highest number that a version was given.
    package let lastVersion: Int
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    /// How many versions a policy may have at a time.
    package static let versionLimit = 5
    /// The most characters of a document, blanks not counted.
    package static let sizeLimit = 6144

    /// True of AWS's own.
    package var isOfAWS: Bool { arn.hasPrefix("arn:aws:iam::aws:") }
}

/// One version of a managed policy.
package struct PolicyVersion: Hashable, Sendable {
    package let number: Int
    /// `v1` and up.
    package var id: String { "v\(number)" }
    package let document: String
    package let isDefault: Bool
    package let createdAt: Timestamp
}
