/// The facts that conditions ask about, by condition key; keys are the same in any case of letters.
package struct ConditionContext: Sendable {
    private var facts: [String: [String]] = [:]
    private let compute: (@Sendable (_ key: String) -> [String]?)?

    package init() { compute = nil }

    /// A context of these facts; a key with several values is multi-valued.
    package init(_ facts: [String: [String]]) {
        self.init()
        for (key, values) in facts { self[key] = values }
    }

    /// A context whose facts are found out when a condition asks, which few do. `compute` gets the key in lower case.
    package init(computing compute: @escaping @Sendable (_ key: String) -> [String]?) {
        self.compute = compute
    }

    /// The values of a key; nil when the request has none. Setting nil removes what was set.
    package subscript(key: String) -> [String]? {
        get {
            let key = key.lowercased()
            return facts[key] ?? compute?(key)
        }
        set { facts[key.lowercased()] = newValue }
    }

    /// The value of a key that has exactly one.
    func singleValue(of key: String) -> String? {
        guard let values = self[key], values.count == 1 else { return nil }
        return values[0]
    }
}
