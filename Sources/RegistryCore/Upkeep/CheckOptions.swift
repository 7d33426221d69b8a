/// What a check does besides looking at the structure.
package struct CheckOptions: Hashable, Sendable {
    /// Blobs to read and hash; nil for none.
    package var reading: DataSlice?
    /// Whether blobs that are found damaged are put in quarantine: never served again, and absent to who pushes, so that a push
    /// of the same content heals them. Their bytes stay until then.
    package var quarantining: Bool

    package init(reading: DataSlice? = nil, quarantining: Bool = false) {
        self.reading = reading
        self.quarantining = quarantining
    }
}

/// One of several parts of all blobs, which can be read at different times: `2/10`, or `1/1` for all. A blob stays in its part.
package struct DataSlice: Hashable, Sendable, CustomStringConvertible {
    /// From 1 to `count`.
    package let number: Int
    package let count: Int

    package static let all = DataSlice(number: 1, count: 1)

    private init(number: Int, count: Int) {
        self.number = number
        self.count = count
    }

    /// Reads `n/t`, with 1 ≤ n ≤ t ≤ 10,000.
    package init?(_ text: some StringProtocol) {
        let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let number = numbers[0], let count = numbers[1], (1...10_000).contains(count), (1...count).contains(number)
        else { return nil }
        self.init(number: number, count: count)
    }

    package var description: String { "\(number)/\(count)" }

    /// Whether the blob of this row is in the slice.
    func contains(_ rowID: Int64) -> Bool { remainder == rowID % Int64(count) }

    /// What the ids of its rows leave when divided by `count`.
    var remainder: Int64 { Int64(number - 1) }
}

/// How far a check has come.
package struct CheckProgress: Hashable, Sendable {
    /// What is looked at.
    package enum Subject: String, Sendable {
        case references
        case manifests
        case blobs
        /// The bytes of blobs.
        case data
        case uploads
        /// Files and other objects of the store.
        case objects
    }

    package let subject: Subject
    /// Rows or objects; of `data`, bytes.
    package let done: Int64
    /// What `done` will be in the end, as far as it can be said before.
    package let total: Int64
}
