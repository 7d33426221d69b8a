/// The facts that conditions ask about, by condition key; keys are the same in any case of letters.
package struct ConditionContext: Sendable {
    private var facts: [String: [String]] = [:]

    package init() {}

    /// A context of these facts; a key with several values is multi-valued.
    package init(_ facts: [String: [String]]) {
        for (key, values) in facts { self[key] = values }
    }

    /// The values of a key; nil when the request has none. Setting nil removes the key.
    package subscript(key: String) -> [String]? {
        get { facts[key.lowercased()] }
        set { facts[key.lowercased()] = newValue }
    }

    /// The value of a key that has exactly one.
    func singleValue(of key: String) -> String? {
        guard let values = self[key], values.count == 1 else { return nil }
        return values[0]
    }
}
