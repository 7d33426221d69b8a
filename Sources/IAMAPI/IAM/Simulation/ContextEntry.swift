import AWSCore
import IAM

/// The model's ContextEntry: what a condition key is in a simulation.
struct ContextEntry: Decodable, Sendable {
    /// The model's ContextKeyTypeEnum.
    enum ValueType: String, ConstrainedEnum, Sendable {
        case string, stringList, numeric, numericList, boolean, booleanList, ip, ipList, binary, binaryList, date, dateList

        var isList: Bool { rawValue.hasSuffix("List") }
    }

    let contextKeyName: Bounded.Text<5, 256>?
    let contextKeyValues: [String]?
    let contextKeyType: ValueType?

    /// Adds the entry to `facts`. Throws `InvalidInput` for one without a name or type, and for several values of a single-valued type.
    func add(to facts: inout [String: [String]]) throws(AWSError) {
        guard let name = contextKeyName?.value, let type = contextKeyType else {
            throw AWSError("InvalidInput", "Context entries must have a name and a type.")
        }
        let values = contextKeyValues ?? []
        guard type.isList || values.count <= 1 else {
            throw AWSError("InvalidInput", "Context key \(name) of type \(type.rawValue) cannot have more than one value.")
        }
        facts[name] = values
    }
}
