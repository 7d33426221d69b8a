import Foundation
import OCI

extension FuzzTarget {
    /// `Range` and `Content-Range`.
    static let ranges = FuzzTarget(
        "range",
        ofText: { text in
            let (range, chunk) = (ByteRange(header: text), ChunkRange(header: text))
            for size in [0, 1, 100, Int64.max] {
                guard let part = range?.within(size) else { continue }
                guard part.lowerBound >= 0, part.upperBound <= size, !part.isEmpty else { throw Broken("\(part) of \(size)") }
            }
            if let chunk, chunk.first < 0 || chunk.length <= 0 { throw Broken("chunk \(chunk)") }
            return "\(range == nil) \(chunk == nil) \(range?.within(100) == nil)"
        })
}
