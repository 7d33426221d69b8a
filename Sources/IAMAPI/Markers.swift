import AWSCore
import Foundation
import Identity
import Stores

/// Writes and reads `Marker`: where a list goes on, sealed, so that it says nothing, cannot be made by hand, and works only for
/// the list that it came from.
struct Markers: Sendable {
    let keys: any KeyProvider
    /// The operation and the account.
    let scope: String

    /// The marker for what comes after `cursor` in the list that `list` describes; nil without cursor.
    func marker(after cursor: String?, of list: String = "") throws -> String? {
        guard let cursor else { return nil }
        return Data(try keys.seal(Array(cursor.utf8), for: purpose(of: list))).base64EncodedString()
    }

    /// Where the list that `list` describes goes on; nil without marker. Throws `ValidationError` for a marker of another list.
    func cursor(of marker: Marker?, of list: String = "") throws -> String? {
        guard let marker else { return nil }
        guard let sealed = Data(base64Encoded: marker.value) else { throw Self.refusal }
        do {
            return String(decoding: try keys.unseal(Array(sealed), for: purpose(of: list)), as: UTF8.self)
        } catch is SealError {
            throw Self.refusal
        }
    }

    private func purpose(of list: String) -> String { "marker \(scope) \(list)" }

    private static let refusal = AWSError("ValidationError", "Invalid Marker.")
}
