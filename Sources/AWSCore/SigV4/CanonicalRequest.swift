import Crypto

/// The text of a request that is hashed into its signature.
///
/// Source: AWS IAM user guide, "Create a signed AWS API request", step 1, for services other than S3.
enum CanonicalRequest {
    /// The canonical form of `request` over `signedHeaders` (in lower case, ascending). Nil when one of them did not arrive.
    static func bytes(of request: SignableRequest, signedHeaders: [Substring]) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(1024)
        output += request.method.utf8
        output.append(newline)
        appendPath(request.path, to: &output)
        output.append(newline)
        appendQuery(request.query, to: &output)
        output.append(newline)
        for name in signedHeaders {
            guard appendHeader(name, of: request, to: &output) else { return nil }
        }
        output.append(newline)
        for (index, name) in signedHeaders.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ";")) }
            output += name.utf8
        }
        output.append(newline)
        output += SHA256.hash(data: request.body).hexDigits
        return output
    }

    private static let newline = UInt8(ascii: "\n")
    private static let slash = UInt8(ascii: "/")

    /// The path as sent, without `.`, `..` and empty segments, encoded once more.
    private static func appendPath(_ path: String, to output: inout [UInt8]) {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
        }
        for segment in segments {
            output.append(slash)
            PercentEncoding.append(segment.utf8, to: &output)
        }
        let isFolder = path.hasSuffix("/") || path.hasSuffix("/.") || path.hasSuffix("/..")
        if segments.isEmpty || isFolder { output.append(slash) }
    }

    /// The parameters in a uniform encoding, sorted by name and value, without the signature itself.
    private static func appendQuery(_ query: String, to output: inout [UInt8]) {
        guard !query.isEmpty else { return }
        var parameters: [(name: [UInt8], value: [UInt8])] = []
        for parameter in query.split(separator: "&") {
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = encoded(parts[0])
            if name.elementsEqual("X-Amz-Signature".utf8) { continue }
            parameters.append((name, parts.count > 1 ? encoded(parts[1]) : []))
        }
        parameters.sort { left, right in
            left.name == right.name ? left.value.lexicographicallyPrecedes(right.value) : left.name.lexicographicallyPrecedes(right.name)
        }
        for (index, parameter) in parameters.enumerated() {
            if index > 0 { output.append(UInt8(ascii: "&")) }
            output += parameter.name
            output.append(UInt8(ascii: "="))
            output += parameter.value
        }
    }

    private static func encoded(_ text: Substring) -> [UInt8] {
        var output: [UInt8] = []
        PercentEncoding.append(PercentEncoding.decode(text.utf8), to: &output)
        return output
    }

    /// `name:value` and a newline, values of equal names joined in order of arrival; false when there is none.
    private static func appendHeader(_ name: Substring, of request: SignableRequest, to output: inout [UInt8]) -> Bool {
        var separator = UInt8(ascii: ":")
        for header in request.headers where header.name.isHeader(name) {
            if separator == UInt8(ascii: ":") { output += name.utf8 }
            output.append(separator)
            appendTrimmed(header.value, to: &output)
            separator = UInt8(ascii: ",")
        }
        output.append(newline)
        return separator == UInt8(ascii: ",")
    }

    /// `value` without blanks at its ends, runs of blanks inside as one.
    private static func appendTrimmed(_ value: String, to output: inout [UInt8]) {
        let start = output.count
        var pendingBlank = false
        for byte in value.utf8 {
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
                pendingBlank = output.count > start
            } else {
                if pendingBlank { output.append(UInt8(ascii: " ")) }
                pendingBlank = false
                output.append(byte)
            }
        }
    }
}
