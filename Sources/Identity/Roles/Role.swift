import AWSCore
import Stores

/// A role: an entity that others may act as.
package struct Role: Hashable, Sendable {
    /// When and where a role last acted.
    package struct Use: Hashable, Sendable {
        package let at: Timestamp
        package let region: String
    }

    package let entity: Entity
    /// Who may act as it, as JSON. Users and roles stand in it by ARN, and by unique id once they are gone.
    package let trustPolicy: String
    package let description: String?
    package let maxSessionSeconds: Int
    /// The service that the role belongs to, such as `replication.ecr.amazonaws.com`; nil for the roles of an account's own.
    package let service: String?
    package let lastUse: Use?

    /// The most characters of a trust policy, blanks not counted.
    package static let trustPolicyLimit = 2048
    /// What a session of a role may last when nothing else was said.
    package static let defaultSessionSeconds = 3600
}
