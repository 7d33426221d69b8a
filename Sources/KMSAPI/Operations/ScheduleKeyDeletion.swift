import AWSCore
import KMS
import Stores

/// Has a key deleted after 7 to 30 days, in which it cannot be used.
struct ScheduleKeyDeletion: KMSOperation {
    let keyId: KeyID
    let pendingWindowInDays: Bounded.Integer<1, 365>?

    func run(_ call: KMSCall) async throws -> Output {
        let days = pendingWindowInDays?.value ?? 30
        // The model has wider bounds than the service.
        guard (7...30).contains(days) else {
            throw ConstraintViolation(
                member: "pendingWindowInDays",
                reason: "Member must have value \(days < 7 ? "greater than or equal to 7" : "less than or equal to 30")")
        }
        let key = try await call.key(keyId, ["kms:ScheduleKeyDeletionPendingWindowInDays": [String(days)]]).key
        return Output(key: key, days: days, moment: try await call.ring.scheduleDeletion(of: key, days: days))
    }

    struct Output: JSONObject {
        let key: Key
        let days: Int
        let moment: Timestamp

        func members(_ json: inout JSONWriter) {
            json.member("KeyId", key.arn.description)
            json.member("DeletionDate", milliseconds: moment.milliseconds)
            json.member("KeyState", KMSKey.State.pendingDeletion.rawValue)
            json.member("PendingWindowInDays", days)
        }
    }
}
