/// One operator of a Condition block with its keys: all keys must agree.
package struct Condition: Hashable, Sendable {
    /// How a key with several values is asked.
    package enum Quantifier: Hashable, Sendable {
        /// `ForAllValues:`: every value of the request must fit; none at all is fine.
        case all
        /// `ForAnyValue:`: one value of the request must fit.
        case any
    }

    /// Nil: the key must have a single value.
    let quantifier: Quantifier?
    let comparison: Comparison
    /// `…IfExists`: met when the request does not have the key.
    let isOptional: Bool
    /// The values to compare with, for each key.
    let keys: [String: [String]]

    /// Reads an operator such as `ForAnyValue:StringLikeIfExists`; nil when there is no such one.
    init?(operator name: String, keys: [String: [String]]) {
        var name = name[...]
        if name.lowercased().hasPrefix("forallvalues:") {
            quantifier = .all
            name = name.dropFirst("ForAllValues:".count)
        } else if name.lowercased().hasPrefix("foranyvalue:") {
            quantifier = .any
            name = name.dropFirst("ForAnyValue:".count)
        } else {
            quantifier = nil
        }
        let isOptional = name.lowercased().hasSuffix("ifexists")
        if isOptional { name = name.dropLast("IfExists".count) }
        guard let comparison = Comparison(name.lowercased()), !(isOptional && comparison == .null) else { return nil }
        self.comparison = comparison
        self.isOptional = isOptional
        self.keys = keys
    }

    /// True when every key agrees with the request.
    func isMet(_ variables: PolicyVariables) -> Bool {
        keys.allSatisfy { key, wanted in isMet(variables.context[key], wanted, variables) }
    }

    private func isMet(_ actual: [String]?, _ wanted: [String], _ variables: PolicyVariables) -> Bool {
        if comparison == .null {
            let isAbsent = (actual ?? []).isEmpty
            return wanted.contains { $0.lowercased() == (isAbsent ? "true" : "false") }
        }
        guard let actual, !actual.isEmpty || quantifier == .all else {
            if isOptional || quantifier == .all { return true }
            return quantifier == nil && comparison.isNegated
        }
        switch quantifier {
        case .all: return actual.allSatisfy { fits($0, wanted, variables) }
        case .any: return actual.contains { fits($0, wanted, variables) }
        // A key with several values needs a quantifier; without one it fits nothing.
        case nil: return actual.count == 1 && fits(actual[0], wanted, variables)
        }
    }

    /// One value against the list: any of them for a plain comparison, none of them for a negated one. A variable without
    /// value is neither, so that the statement does not apply.
    private func fits(_ value: String, _ wanted: [String], _ variables: PolicyVariables) -> Bool {
        comparison.isNegated
            ? wanted.allSatisfy { comparison.holds(value, $0, variables) == false }
            : wanted.contains { comparison.holds(value, $0, variables) == true }
    }
}
