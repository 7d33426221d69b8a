import Crypto
import Foundation
import Stores

/// `X-Berth-Signature`: by which a receiver knows that an event is Berth's, and when it was sent.
///
/// `t=<seconds since 1970>,v1=<hex HMAC-SHA256 of "t.body">`; the time is signed, so that a receiver can refuse what is old.
package enum WebhookSignature {
    package static let header = "X-Berth-Signature"

    /// The header's value for a body that is sent at `moment`.
    package static func value(of body: String, at moment: Timestamp, secret: [UInt8]) -> String {
        let seconds = moment.milliseconds / 1000
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(seconds).\(body)".utf8), using: SymmetricKey(data: secret))
        return "t=\(seconds),v1=\(Array(code).map { String(format: "%02x", $0) }.joined())"
    }
}
