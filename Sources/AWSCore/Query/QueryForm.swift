/// The parameters of a request of the Query protocol, from a body `application/x-www-form-urlencoded` or a query string.
///
/// Source: Smithy 2.0, "AWS query protocol".
package struct QueryForm: Sendable {
    private let parameters: [String: String]

    /// The form that `bytes` write, `+` for a blank. Throws `MalformedQueryString` for what is not UTF-8 or names a parameter twice.
    package init(_ bytes: some Collection<UInt8>) throws(AWSError) {
        var parameters: [String: String] = [:]
        for field in bytes.split(separator: UInt8(ascii: "&")) {
            let parts = field.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(parts[0]), let value = parts.count > 1 ? Self.decode(parts[1]) : "",
                parameters.updateValue(value, forKey: name) == nil
            else { throw AWSError("MalformedQueryString", "The query string contains a syntax error.", status: 404) }
        }
        self.parameters = parameters
    }

    private init(parameters: [String: String]) { self.parameters = parameters }

    /// The value of `name`; nil when it is absent.
    package func text(_ name: String) -> String? { parameters[name] }

    /// The elements of a list of strings, `name.member.N`, in the order of N; nil when there is none.
    package func list(_ name: String) -> [String]? {
        let members = members(of: name).compactMap { $0.parameters[""] }
        return members.isEmpty ? nil : members
    }

    /// The elements of a list of structures, `name.member.N.field`, each with its fields' names; nil when there is none.
    package func structures(_ name: String) -> [QueryForm]? {
        let members = members(of: name).filter { $0.parameters[""] == nil }
        return members.isEmpty ? nil : members
    }

    /// What follows each number of a list, by ascending number; a plain value has an empty name.
    private func members(of name: String) -> [QueryForm] {
        let prefix = "\(name).member."
        var members: [Int: [String: String]] = [:]
        for (key, value) in parameters where key.hasPrefix(prefix) {
            let parts = key.dropFirst(prefix.count).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard let number = Int(parts[0]), number > 0 else { continue }
            members[number, default: [:]][parts.count > 1 ? String(parts[1]) : ""] = value
        }
        return members.sorted { $0.key < $1.key }.map { QueryForm(parameters: $0.value) }
    }

    private static func decode(_ bytes: some Collection<UInt8>) -> String? {
        let blanks = bytes.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
        return String(validating: PercentEncoding.decode(blanks), as: UTF8.self)
    }
}
