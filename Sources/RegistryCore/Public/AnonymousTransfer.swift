import Foundation
import Stores
import Synchronization

/// Counts what each address pulls of public layers without credentials in a month, and refuses more than it may. The counts are in memory
/// and begin anew with the process, and on the first of each month (UTC).
///
/// Source: Amazon ECR Public user guide, "Service quotas".
package final class AnonymousTransfer: Sendable {
    private struct Month {
        var end = Timestamp(milliseconds: 0)
        var bytes: [String: Int64] = [:]
    }

    /// Addresses that are remembered; when there are more, those that have pulled least are forgotten.
    private static let capacity = 65_536

    /// Bytes of one address in a month; nil: any number.
    private let limit: Int64?
    private let clock: any WallClock
    private let month = Mutex(Month())

    init(limit: Int64?, clock: any WallClock) {
        self.limit = limit
        self.clock = clock
    }

    /// Counts `count` bytes that go to `address` now. Throws `transferExceeded` for an address that had its share.
    package func take(_ count: Int64, by address: String) throws(RegistryError) {
        guard let limit else { return }
        let now = clock.now
        let isGranted = month.withLock { month in
            if month.end <= now { month = Month(end: now.nextMonth) }
            guard month.bytes[address, default: 0] < limit else { return false }
            if month.bytes[address] == nil, month.bytes.count >= Self.capacity { Self.makeRoom(&month.bytes) }
            month.bytes[address, default: 0] += count
            return true
        }
        guard isGranted else { throw .transferExceeded }
    }

    private static func makeRoom(_ bytes: inout [String: Int64]) {
        let middle = bytes.values.sorted()[bytes.count / 2]
        bytes = bytes.filter { $0.value > middle }
    }
}

extension Timestamp {
    /// The first moment of the month after this one, UTC.
    fileprivate var nextMonth: Timestamp {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        let end = calendar.dateInterval(of: .month, for: date)?.end ?? date
        return Timestamp(milliseconds: Int64(end.timeIntervalSince1970) * 1000)
    }
}
