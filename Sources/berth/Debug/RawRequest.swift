import AWSCore

/// A request of HTTP/1.1 as it went over the wire, or as somebody pasted it: lines may end with LF alone.
struct RawRequest {
    let signable: SignableRequest

    /// Reads start line, headers, an empty line and the body. Throws `Refusal`. A missing body is empty; the one line end that
    /// an editor puts after a body is taken off when the request's Content-Length says so.
    init(_ bytes: [UInt8]) throws {
        var lines: [String] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            var line = rest[..<end]
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            rest = rest[(end + 1)...]
            if line.isEmpty { break }
            lines.append(String(decoding: line, as: UTF8.self))
        }
        guard let start = lines.first?.split(separator: " "), start.count == 2 || start.count == 3, start[1].hasPrefix("/") else {
            throw Refusal("The first line must be like \"POST / HTTP/1.1\".")
        }
        let headers = try lines.dropFirst().map { line in
            guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else {
                throw Refusal("This line is no header: \(line)")
            }
            let value = line[line.utf8.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            return (name: String(line[..<colon]), value: String(value))
        }
        let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) }
        let body = length.map { $0 <= rest.count ? rest.prefix($0) : rest } ?? rest
        let target = start[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        signable = SignableRequest(
            method: String(start[0]), path: String(target[0]), query: target.count > 1 ? String(target[1]) : "", headers: headers,
            body: Array(body))
    }
}
