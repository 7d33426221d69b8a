import AWSCore
import Foundation
import KMS
import Stores

/// Gives up to 1,024 unpredictable bytes.
struct GenerateRandom: KMSOperation {
    let numberOfBytes: NumberOfBytes?
    let customKeyStoreId: Bounded.Text<1, 64>?
    let recipient: Recipient?

    func run(_ call: KMSCall) async throws -> Output {
        try recipient.requireNone()
        try await call.require()
        if customKeyStoreId != nil { throw KeyFailure(.unsupported, "Berth has no custom key stores.") }
        guard let count = numberOfBytes?.value else {
            throw ConstraintViolation(member: "numberOfBytes", reason: "Member must not be null")
        }
        return Output(plaintext: call.ring.random(count))
    }

    struct Output: JSONObject {
        let plaintext: [UInt8]

        func members(_ json: inout JSONWriter) { json.member("Plaintext", Data(plaintext).base64EncodedString()) }
    }
}
