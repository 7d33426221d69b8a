import AWSCore
import Stores

/// A KMS key held here: symmetric, of the service's own material, in one region.
package struct Key: Hashable, Sendable {
    /// Who looks after a key.
    package enum Owner: String, Hashable, Sendable {
        case customer = "CUSTOMER"
        /// One of AWS's services, here ECR.
        case aws = "AWS"
    }

    /// A UUID.
    package let id: String
    package let account: AccountID
    package let region: Region
    package let owner: Owner
    package let state: KMSKey.State
    package let description: String
    /// As it is stored, its principals by unique id.
    package let policy: String
    package let createdAt: Timestamp
    /// The days between `ScheduleKeyDeletion` and the deletion; nil unless the key waits for it.
    package let waitingDays: Int?
    /// When the key waits to be deleted.
    package let deletionAt: Timestamp?
    /// The period of automatic rotation in days; nil: none.
    package let rotationDays: Int?
    package let nextRotationAt: Timestamp?
    /// The newest material, under which everything is encrypted.
    package let material: String

    package var arn: ARN { ARN(service: "kms", region: region.description, account: account.description, resource: "key/\(id)") }

    /// As other modules know the key.
    package var asKMSKey: KMSKey { KMSKey(arn: arn.description, state: state, isManagedByAWS: owner == .aws) }
}

extension Key {
    /// Passes when the key can be used. Throws `disabled`, `invalidState`.
    func requireEnabled() throws {
        switch state {
        case .enabled: break
        case .disabled: throw KeyFailure(.disabled, "\(arn) is disabled.")
        default: throw KeyFailure(.invalidState, "\(arn) is pending deletion.")
        }
    }

    /// Passes unless the key waits for its deletion. Throws `invalidState`.
    package func requireNotPendingDeletion() throws {
        if state == .pendingDeletion { throw KeyFailure(.invalidState, "\(arn) is pending deletion.") }
    }
}
