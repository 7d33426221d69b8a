import AWSCore

/// An action as a policy names it: `service:Name` with wildcards in the name, or `*`.
package struct ActionPattern: Hashable, Sendable {
    /// Lower-case; nil for `*`, which is every action of every service.
    private let service: String?
    private let name: Wildcard
    package let text: String

    /// The pattern that `text` writes; nil when it has no service, or one with wildcards.
    package init?(_ text: String) {
        self.text = text
        if text == "*" {
            service = nil
            name = Wildcard("*")
            return
        }
        let parts = text.lowercased().split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, parts[0].utf8.allSatisfy(Self.isServiceCharacter),
            !parts[1].utf8.contains(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: " ") })
        else { return nil }
        service = String(parts[0])
        name = Wildcard(parts[1])
    }

    /// True when the pattern covers `action`, in any case of letters.
    package func matches(_ action: String) -> Bool {
        guard let service else { return true }
        let parts = action.lowercased().split(separator: ":", maxSplits: 1)
        return parts.count == 2 && parts[0] == service && name.matches(parts[1])
    }

    private static func isServiceCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

/// A resource as a policy names it: an ARN with wildcards and variables, or `*`.
///
/// The first five parts match each by itself, the sixth freely; a wildcard cannot stand for a colon before it.
package struct ResourcePattern: Hashable, Sendable {
    package let text: String
    private let isEverything: Bool

    /// The pattern that `text` writes; nil when it is neither `*` nor six parts that begin with `arn:`.
    package init?(_ text: String) {
        self.text = text
        isEverything = text == "*"
        guard !isEverything else { return }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", !parts[2].contains("*"), !parts[2].contains("?"), !parts[5].isEmpty else { return nil }
    }

    /// True when the pattern, its variables replaced, covers `resource`; nil is an action without a resource, which only
    /// `*` covers. False when a variable has no value.
    func matches(_ resource: ARN?, variables: PolicyVariables) -> Bool {
        if isEverything { return true }
        guard let resource, let text = variables.resolve(PolicyText(text, hasVariables: variables.areKnown)) else { return false }
        return ARNPattern(text).matches(resource.description)
    }
}

/// An ARN pattern whose variables are replaced: each of the six parts matches by itself.
struct ARNPattern {
    private let parts: [Wildcard]

    /// Splits at the first five colons that are not inside a replaced variable.
    init(_ pieces: [PolicyText.Piece]) {
        var parts: [[PolicyText.Piece]] = [[]]
        for piece in pieces {
            guard case .pattern(let text) = piece else {
                parts[parts.count - 1].append(piece)
                continue
            }
            let split = text.split(separator: ":", maxSplits: 6 - parts.count, omittingEmptySubsequences: false)
            for (index, part) in split.enumerated() {
                if index > 0 { parts.append([]) }
                parts[parts.count - 1].append(.pattern(String(part)))
            }
        }
        self.parts = parts.map(Wildcard.init(pieces:))
    }

    /// True when `text` has as many parts and each fits.
    func matches(_ text: String) -> Bool {
        let values = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, values.count == 6 else { return parts.count == 1 && parts[0].isEverything }
        return zip(parts, values).allSatisfy { $0.matches($1) }
    }
}
