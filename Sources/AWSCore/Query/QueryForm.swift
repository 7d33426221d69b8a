/// The parameters of a request of the Query protocol, from a body `application/x-www-form-urlencoded` or a query string.
///
/// Source: Smithy 2.0, "AWS query protocol".
package struct QueryForm: Sendable {
    /// The parameters as a tree: a name's parts between dots lead from the root to its value.
    let root: QueryNode

    /// The form that `bytes` write, `+` for a blank. Throws `MalformedQueryString` for what is not UTF-8, names a parameter twice
    /// or nests deeper than any operation does.
    package init(_ bytes: some Collection<UInt8>) throws(AWSError) {
        var root = QueryNode()
        for field in bytes.split(separator: UInt8(ascii: "&")) {
            let parts = field.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(parts[0]), let value = parts.count > 1 ? Self.decode(parts[1]) : "",
                root.insert(value, at: name.split(separator: ".", maxSplits: Self.maximumDepth, omittingEmptySubsequences: false)[...])
            else { throw AWSError("MalformedQueryString", "The query string contains a syntax error.", status: 404) }
        }
        self.root = root
    }

    /// The value of `name`, which is no member of anything; nil when it is absent.
    package func text(_ name: String) -> String? { root.children[name]?.value }

    private static let maximumDepth = 12

    private static func decode(_ bytes: some Collection<UInt8>) -> String? {
        let blanks = bytes.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
        return String(validating: PercentEncoding.decode(blanks), as: UTF8.self)
    }
}

/// A parameter, or the parameters whose names begin with its name and a dot.
struct QueryNode: Sendable {
    private(set) var value: String?
    private(set) var children: [String: QueryNode] = [:]

    /// Puts `value` where `path` leads; false when there is one already, or the path is too long.
    fileprivate mutating func insert(_ text: String, at path: ArraySlice<Substring>) -> Bool {
        guard let name = path.first else {
            guard value == nil else { return false }
            value = text
            return true
        }
        guard !name.contains(".") else { return false }
        return children[String(name), default: QueryNode()].insert(text, at: path.dropFirst())
    }

    /// The elements of a list, `member.N`, by ascending N; clients write the empty list as an empty value.
    var elements: [QueryNode]? {
        if let value { return value.isEmpty ? [] : nil }
        guard let members = children["member"] else { return nil }
        let numbered = members.children.compactMap { name, node in Int(name).flatMap { $0 > 0 ? ($0, node) : nil } }
        return numbered.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
