import Foundation

/// The path of a request, decoded once and free of what could mean something else to another reader.
struct RequestPath: Hashable {
    /// What follows `/v2/`, in its order; none of them is empty or holds a slash, `.` or `..`.
    let segments: [String]
    let endsInSlash: Bool

    /// Reads a path as it was sent. Throws `routeUnknown` outside `/v2`, and `pathInvalid` for an encoded slash, dot segments,
    /// empty segments, NUL, and what is not UTF-8.
    init(_ path: String) throws(DistributionError) {
        guard path == "/v2" || path.hasPrefix("/v2/") else { throw .routeUnknown }
        var raw = path.utf8.dropFirst("/v2/".utf8.count).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        endsInSlash = raw.last?.isEmpty ?? true
        if endsInSlash { _ = raw.popLast() }
        var segments: [String] = []
        segments.reserveCapacity(raw.count)
        for text in raw {
            // Almost no path is encoded, and Foundation's decoding is the slowest step of routing.
            let decoded = text.contains(UInt8(ascii: "%")) ? String(Substring(text)).removingPercentEncoding : String(Substring(text))
            guard let segment = decoded, !segment.isEmpty, segment != ".", segment != "..",
                !segment.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") || $0 == 0 })
            else { throw .pathInvalid }
            segments.append(segment)
        }
        self.segments = segments
    }
}
