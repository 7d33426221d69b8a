/// One range of bytes, as a Range header asks for it.
///
/// Source: RFC 9110 §14.1.2 and §14.2; lists of ranges are not offered, which the RFC allows.
package struct ByteRange: Hashable, Sendable {
    private enum Bounds: Hashable {
        case closed(first: Int64, last: Int64)
        case from(Int64)
        case suffix(length: Int64)
    }

    private let bounds: Bounds

    /// Reads `bytes=a-b`, `bytes=a-` or `bytes=-n`; nil for anything else, which is to be ignored as if the header were absent.
    package init?(header: String) {
        let parts = header.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bytes" else { return nil }
        let ends = parts[1].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        switch (ends[0].isEmpty, ends[1].isEmpty) {
        case (false, false):
            guard let first = Int64(saturatingDecimal: ends[0]), let last = Int64(saturatingDecimal: ends[1]) else { return nil }
            bounds = .closed(first: first, last: last)
        case (false, true):
            guard let first = Int64(saturatingDecimal: ends[0]) else { return nil }
            bounds = .from(first)
        case (true, false):
            guard let length = Int64(saturatingDecimal: ends[1]) else { return nil }
            bounds = .suffix(length: length)
        case (true, true): return nil
        }
    }

    /// The bytes that it selects of `size`; nil when it selects none: past the end, or with its ends swapped.
    package func within(_ size: Int64) -> Range<Int64>? {
        let range: (first: Int64, end: Int64) =
            switch bounds {
            case .closed(let first, let last): (first, last < size ? last + 1 : size)
            case .from(let first): (first, size)
            case .suffix(let length): (size - min(length, size), size)
            }
        return range.first < range.end ? range.first..<range.end : nil
    }
}

/// The range of a chunk, as the Content-Range of an upload gives it: `first-last`, both included, with no unit.
///
/// Source: OCI Distribution specification, "Pushing a blob in chunks"; this is not RFC 9110's form.
package struct ChunkRange: Hashable, Sendable {
    /// The offset of the chunk's first byte.
    package let first: Int64
    /// In bytes; at least 1.
    package let length: Int64

    /// Reads `first-last`; nil for anything else, and when `last` comes before `first`.
    package init?(header: String) {
        let ends = header.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Int64(saturatingDecimal: ends[0]), let last = Int64(saturatingDecimal: ends[1]),
            first <= last, last < .max
        else { return nil }
        self.first = first
        length = last - first + 1
    }
}

extension Int64 {
    /// The number that one or more decimal digits write, the largest one when it is too large; nil for any other text.
    fileprivate init?(saturatingDecimal text: Substring) {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        self = Int64(text) ?? .max
    }
}
