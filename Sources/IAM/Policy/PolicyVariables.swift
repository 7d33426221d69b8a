/// Text of a policy in which `${…}` may stand for values of the request.
struct PolicyText: Hashable, Sendable {
    /// A part of the text after its variables were replaced.
    enum Piece: Hashable, Sendable {
        /// Stands for itself: a replaced variable, or an escape such as `${*}`.
        case literal(String)
        /// May hold wildcards.
        case pattern(String)
    }

    /// A part of the text as it is written.
    enum Segment: Hashable, Sendable {
        case plain(String)
        case escape(String)
        case variable(String, fallback: String?)
    }

    let segments: [Segment]

    /// The names of its variables, in their order.
    var variables: [String] {
        segments.compactMap { segment in
            guard case .variable(let name, _) = segment else { return nil }
            return name
        }
    }

    /// The pieces of a text without variables.
    var fixed: [Piece] {
        segments.map { segment in
            switch segment {
            case .plain(let text): .pattern(text)
            case .escape(let text), .variable(let text, _): .literal(text)
            }
        }
    }

    /// Reads `text`; without variables (the older language) every `${` stands for itself.
    init(_ text: String, hasVariables: Bool) {
        guard hasVariables, text.contains("${") else {
            segments = [.plain(text)]
            return
        }
        var segments: [Segment] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else { break }
            if start.lowerBound > rest.startIndex { segments.append(.plain(String(rest[..<start.lowerBound]))) }
            segments.append(Self.segment(String(rest[start.upperBound..<end])))
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty || segments.isEmpty { segments.append(.plain(String(rest))) }
        self.segments = segments
    }

    private static func segment(_ inside: String) -> Segment {
        if ["*", "?", "$"].contains(inside) { return .escape(inside) }
        let parts = inside.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        let name = trimmed(parts[0])
        guard parts.count == 2 else { return .variable(name, fallback: nil) }
        let fallback = trimmed(parts[1])
        let isQuoted = fallback.count >= 2 && fallback.hasPrefix("'") && fallback.hasSuffix("'")
        return .variable(name, fallback: isQuoted ? String(fallback.dropFirst().dropLast()) : nil)
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

/// The values that a request gives to policy variables.
struct PolicyVariables {
    /// True in the language version that has variables.
    let areKnown: Bool
    let context: ConditionContext

    /// The text with its variables replaced; nil when one has no single value and no default.
    func resolve(_ text: PolicyText) -> [PolicyText.Piece]? {
        var pieces: [PolicyText.Piece] = []
        for segment in text.segments {
            switch segment {
            case .plain(let text): pieces.append(.pattern(text))
            case .escape(let character): pieces.append(.literal(character))
            case .variable(let name, let fallback):
                guard let value = context.singleValue(of: name) ?? fallback else { return nil }
                pieces.append(.literal(value))
            }
        }
        return pieces
    }
}

extension [PolicyText.Piece] {
    /// The pieces put together, wildcards standing for themselves.
    var plainText: String {
        reduce(into: "") { text, piece in
            switch piece {
            case .literal(let part), .pattern(let part): text += part
            }
        }
    }
}
