import AWSCore
import KMS
import OCI
import Stores

/// Writes and reads `Marker`: where a list goes on, sealed, so that it says nothing, cannot be made by hand, and works only for the list that it
/// came from.
struct Markers: Sendable {
    private static let lifetime = Duration.seconds(24 * 3600)

    let keys: any KeyProvider
    let clock: any WallClock
    /// The operation, the account and the region.
    let scope: String

    /// Where the list that `list` describes goes on; nil without marker. Throws `invalidMarker`.
    func cursor(_ marker: Marker?, of list: String = "") throws -> String? {
        guard let marker else { return nil }
        let failure = KeyFailure(.invalidMarker, "Marker is invalid or has expired.")
        guard let sealed = [UInt8](lowercaseHex: Array(marker.value.utf8)) else { throw failure }
        do {
            let text = String(decoding: try keys.unseal(sealed, for: purpose(list)), as: UTF8.self)
            let parts = text.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let expires = Int64(parts[0]), clock.now.milliseconds < expires else { throw failure }
            return String(parts[1])
        } catch is SealError {
            throw failure
        }
    }

    /// The marker for what comes after a page; nil for the last.
    func marker<Element>(after page: Page<Element, String>, of list: String = "") throws -> String? {
        guard let cursor = page.next else { return nil }
        return try keys.seal(Array("\((clock.now + Self.lifetime).milliseconds) \(cursor)".utf8), for: purpose(list)).lowercaseHex
    }

    private func purpose(_ list: String) -> String { "kms marker \(scope) \(list)" }
}
