/// An action as requests name it, in lower case: actions are the same in any case of letters.
struct ActionName: Hashable, Sendable {
    let service: Substring
    let name: Substring

    /// Reads `service:Name`; without a colon all of it is the service.
    init(_ text: String) {
        let text = text.lowercased()
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        service = parts[0]
        name = parts.count == 2 ? parts[1] : ""
    }
}

/// An action as a policy names it: `service:Name` with wildcards in the name, or `*`.
package struct ActionPattern: Hashable, Sendable {
    /// Lower-case; nil for `*`, which is every action of every service.
    private let service: Substring?
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
        let action = ActionName(text)
        guard !action.service.isEmpty, !action.name.isEmpty, action.service.utf8.allSatisfy(Self.isServiceCharacter),
            !action.name.utf8.contains(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: " ") })
        else { return nil }
        service = action.service
        name = Wildcard(action.name)
    }

    /// True when the pattern covers `action`, in any case of letters.
    package func matches(_ action: String) -> Bool { matches(ActionName(action)) }

    func matches(_ action: ActionName) -> Bool {
        guard let service else { return true }
        return action.service == service && name.matches(action.name)
    }

    /// True when the pattern can cover actions of `service` only.
    func isOf(service: String) -> Bool { self.service.map { $0 == service } ?? false }

    private static func isServiceCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

/// A resource as a policy names it: an ARN with wildcards and variables, or `*`.
///
/// The first five parts match each by itself, the sixth freely, but for the word of it that names a type: no wildcard stands
/// for that. A star at the very end of a shorter ARN covers all that follows.
/// Source: IAM user guide, "IAM JSON policy elements: Resource" and "IAM identifiers".
package struct ResourcePattern: Hashable, Sendable {
    private enum Form: Hashable {
        case everything
        case fixed(ARNPattern)
        case variable(PolicyText)
    }

    package let text: String
    private let form: Form

    /// The pattern that `text` writes; nil when it is neither `*` nor an ARN. `hasVariables` tells the language of the policy.
    package init?(_ text: String, hasVariables: Bool = true) {
        self.text = text
        let resource = PolicyText(text, hasVariables: hasVariables)
        if text == "*" {
            form = .everything
        } else if Self.isARN(text) {
            form = resource.variables.isEmpty ? .fixed(ARNPattern(resource.fixed)) : .variable(resource)
        } else {
            return nil
        }
    }

    private static func isARN(_ text: String) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0] == "arn", !parts[2].contains("*"), !parts[2].contains("?"), let last = parts.last else { return false }
        return parts.count == 6 ? !last.isEmpty : last.hasSuffix("*")
    }

    /// The names of the variables in it.
    var variables: [String] {
        guard case .variable(let text) = form else { return [] }
        return text.variables
    }

    /// True when the pattern, its variables replaced, covers `resource`; nil is an action without a resource, which only
    /// `*` covers. The answer is nil when a variable has no value.
    func matches(_ resource: ResourceName?, variables: PolicyVariables) -> Bool? {
        switch form {
        case .everything: return true
        case .fixed(let pattern): return resource.map(pattern.covers) ?? false
        case .variable(let text):
            guard let pieces = variables.resolve(text) else { return nil }
            return resource.map(ARNPattern(pieces).covers) ?? false
        }
    }
}
