/// Collects what is wrong with the values of a policy, in the words of the JSON schema validator that ECR uses.
struct SchemaFindings {
    private(set) var lines: [String] = []

    /// Adds a sentence.
    mutating func add(_ line: String) { lines.append(line) }

    /// The members of an object that has all of `required` and none beyond `optional`; nil for another type.
    mutating func members(of value: PolicyValue, required: [String], optional: [String] = []) -> [String: PolicyValue]? {
        guard case .object(let members) = value else { return refuse(value, "object") }
        let missing = Set(required).subtracting(members.keys)
        if !missing.isEmpty { add("object has missing required properties (\(list(missing.sorted())))") }
        let strange = Set(members.keys).subtracting(required).subtracting(optional)
        if !strange.isEmpty { add("object instance has properties which are not allowed by the schema: (\(list(strange.sorted())))") }
        return members
    }

    /// The elements of a list with as many as `count` allows; nil for another type, and for nothing.
    mutating func elements(of value: PolicyValue?, count: ClosedRange<Int>) -> [PolicyValue]? {
        guard let value else { return nil }
        guard case .list(let elements) = value else { return refuse(value, "array") }
        if elements.count < count.lowerBound {
            add("array is too short: must have at least \(count.lowerBound) elements but instance has \(elements.count) elements")
        } else if elements.count > count.upperBound {
            add("array is too long: must have at most \(count.upperBound) elements but instance has \(elements.count) elements")
        }
        return elements
    }

    /// A text; nil for another type, and for nothing.
    mutating func text(_ value: PolicyValue?) -> String? {
        guard let value else { return nil }
        guard case .text(let text) = value else { return refuse(value, "string") }
        return text
    }

    /// One of the texts of an enumeration; nil for anything else.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(_ value: PolicyValue?, _: Choice.Type = Choice.self) -> Choice?
    where Choice.RawValue == String {
        guard let text = text(value) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        add("instance value (\"\(text)\") not found in enum (possible values: \(list(Choice.allCases.map(\.rawValue))))")
        return nil
    }

    /// A whole number from 1 to what 32 bits hold; nil for anything else.
    mutating func count(_ value: PolicyValue?) -> Int? {
        guard let value else { return nil }
        guard case .integer(let number) = value else { return refuse(value, "integer") }
        if number < 1 {
            add("numeric instance is lower than the required minimum (minimum: 1, found: \(number))")
        } else if number > Int(Int32.max) {
            add("numeric instance is greater than the required maximum (maximum: \(Int32.max), found: \(number))")
        } else {
            return number
        }
        return nil
    }

    private mutating func refuse<Value>(_ value: PolicyValue, _ allowed: String) -> Value? {
        add("instance type (\(value.typeName)) does not match any allowed primitive type (allowed: [\"\(allowed)\"])")
        return nil
    }

    private func list(_ texts: [String]) -> String { "[\(texts.map { "\"\($0)\"" }.joined(separator: ","))]" }
}
