import OCI

/// What a creation template covers: the repositories whose names begin with it and a slash, or `ROOT` for those that no other covers.
package struct TemplatePrefix: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The model's pattern, for error texts.
    package static let pattern = #"^([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\/?|ROOT)$"#
    package static let root = "ROOT"

    /// As it was given, with or without a slash at its end.
    package let description: String

    /// The prefix that `text` writes; nil when it is none.
    package init?(_ text: some StringProtocol) {
        guard (1...256).contains(text.utf8.count) else { return nil }
        let name = text.hasSuffix("/") ? text.dropLast() : text[...]
        // A repository's name has two characters at least, a prefix may have one.
        guard text == Self.root || RepositoryName(name.utf8.count == 1 ? "a\(name)" : String(name)) != nil else { return nil }
        description = String(text)
    }

    package static func < (left: TemplatePrefix, right: TemplatePrefix) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }

    /// The prefixes that cover `name`, the one that counts first: the longest, and `ROOT` last.
    static func covering(_ name: RepositoryName) -> [String] {
        var prefixes: [String] = []
        var rest = Substring(name.description)
        while let slash = rest.lastIndex(of: "/") {
            prefixes += [String(rest[...slash]), String(rest[..<slash])]
            rest = rest[..<slash]
        }
        return prefixes + [root]
    }

    /// What a policy must cover that is about all repositories of the prefix: the end of an ARN.
    package var resource: String {
        if description == Self.root { return "repository/*" }
        return "repository/\(description)\(description.hasSuffix("/") ? "" : "/")*"
    }
}
