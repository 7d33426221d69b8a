import AWSCore
import KMS

/// Tells whether and when a key is rotated by itself.
struct GetKeyRotationStatus: KMSOperation {
    let keyId: KeyID

    func run(_ call: KMSCall) async throws -> Output { Output(key: try await call.key(keyId, isCrossAccount: true).key) }

    struct Output: JSONObject {
        let key: Key

        /// A key that waits for its deletion is not rotated.
        private var period: Int? { key.state == .pendingDeletion ? nil : key.rotationDays }

        func members(_ json: inout JSONWriter) {
            json.member("KeyRotationEnabled", period != nil)
            json.member("KeyId", key.id)
            json.member("RotationPeriodInDays", period)
            json.member("NextRotationDate", milliseconds: period.flatMap { _ in key.nextRotationAt?.milliseconds })
        }
    }
}
