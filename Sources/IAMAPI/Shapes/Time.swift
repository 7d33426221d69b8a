import Foundation
import Stores

/// As the Query protocol writes it, in whole seconds: `2026-01-31T10:00:00Z`.
extension Timestamp: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601))
    }
}
