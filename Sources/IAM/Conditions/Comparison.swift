/// How one value of the request is compared with one of the policy; a negated one is the opposite of its plain form.
enum Comparison: Hashable, Sendable {
    enum Order: Hashable, Sendable {
        case equal, less, lessOrEqual, greater, greaterOrEqual
    }

    case string(ignoringCase: Bool, isNegated: Bool)
    case pattern(isNegated: Bool)
    case number(Order, isNegated: Bool)
    case date(Order, isNegated: Bool)
    case bool
    case binary
    case address(isNegated: Bool)
    case arn(isNegated: Bool)
    case null

    private static let names: [String: Comparison] = [
        "stringequals": .string(ignoringCase: false, isNegated: false), "stringnotequals": .string(ignoringCase: false, isNegated: true),
        "stringequalsignorecase": .string(ignoringCase: true, isNegated: false),
        "stringnotequalsignorecase": .string(ignoringCase: true, isNegated: true), "stringlike": .pattern(isNegated: false),
        "stringnotlike": .pattern(isNegated: true), "numericequals": .number(.equal, isNegated: false),
        "numericnotequals": .number(.equal, isNegated: true), "numericlessthan": .number(.less, isNegated: false),
        "numericlessthanequals": .number(.lessOrEqual, isNegated: false), "numericgreaterthan": .number(.greater, isNegated: false),
        "numericgreaterthanequals": .number(.greaterOrEqual, isNegated: false), "dateequals": .date(.equal, isNegated: false),
        "datenotequals": .date(.equal, isNegated: true), "datelessthan": .date(.less, isNegated: false),
        "datelessthanequals": .date(.lessOrEqual, isNegated: false), "dategreaterthan": .date(.greater, isNegated: false),
        "dategreaterthanequals": .date(.greaterOrEqual, isNegated: false), "bool": .bool, "binaryequals": .binary,
        "ipaddress": .address(isNegated: false), "notipaddress": .address(isNegated: true), "arnequals": .arn(isNegated: false),
        "arnlike": .arn(isNegated: false), "arnnotequals": .arn(isNegated: true), "arnnotlike": .arn(isNegated: true), "null": .null,
    ]

    /// The comparison of this name in lower case; nil when there is none.
    init?(_ name: String) {
        guard let comparison = Self.names[name] else { return nil }
        self = comparison
    }

    /// True when its values may hold variables.
    var takesVariables: Bool {
        switch self {
        case .string, .pattern, .bool, .arn: true
        case .number, .date, .binary, .address, .null: false
        }
    }

    var isNegated: Bool {
        switch self {
        case .string(_, let isNegated), .pattern(let isNegated), .number(_, let isNegated), .date(_, let isNegated), .address(let isNegated),
            .arn(let isNegated):
            isNegated
        case .bool, .binary, .null: false
        }
    }

    /// True when `value` fits `wanted`, in the plain form of the comparison. What cannot be read as a number, date, address
    /// or ARN fits nothing. Nil when a variable in `wanted` has no value.
    func holds(_ value: String, _ wanted: String, _ variables: PolicyVariables) -> Bool? {
        switch self {
        case .number(let order, _): return Self.compare(Double(value), Double(wanted), order)
        case .date(let order, _): return Self.compare(PolicyDate.seconds(value), PolicyDate.seconds(wanted), order)
        case .binary: return value == wanted
        case .address: return AddressRange(wanted).map { $0.contains(value) } ?? false
        case .null: return false
        case .string, .pattern, .bool, .arn: break
        }
        guard let pieces = variables.resolve(PolicyText(wanted, hasVariables: variables.areKnown)) else { return nil }
        switch self {
        case .string(let ignoringCase, _):
            let wanted = pieces.plainText
            // By code points: `==` would take "é" and "e" with an accent for the same.
            return ignoringCase
                ? value.lowercased().utf8.elementsEqual(wanted.lowercased().utf8) : value.utf8.elementsEqual(wanted.utf8)
        case .pattern: return Wildcard(pieces: pieces).matches(value)
        case .bool:
            let value = value.lowercased()
            return ["true", "false"].contains(value) && value == pieces.plainText.lowercased()
        case .arn: return ARNPattern(pieces).matches(value)
        case .number, .date, .binary, .address, .null: return false
        }
    }

    private static func compare(_ value: Double?, _ wanted: Double?, _ order: Order) -> Bool {
        guard let value, let wanted else { return false }
        switch order {
        case .equal: return value == wanted
        case .less: return value < wanted
        case .lessOrEqual: return value <= wanted
        case .greater: return value > wanted
        case .greaterOrEqual: return value >= wanted
        }
    }
}
