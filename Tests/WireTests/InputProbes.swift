import Testing

/// One way to change a member of a valid request.
struct InputProbe: Sendable, CustomTestStringConvertible {
    let operation: String
    /// The innermost member that was changed, as error texts name it.
    let member: String
    let change: String
    let input: JSON

    var testDescription: String { "\(operation) \(member): \(change)" }
}

/// All single changes of a model's valid inputs, by what the API must make of them.
struct InputProbes {
    /// Break a constraint of the model: refused, and the answer names the member.
    private(set) var broken: [InputProbe] = []
    /// Have a JSON type that the member does not have: refused.
    private(set) var mistyped: [InputProbe] = []
    /// Are on the edge of a constraint, or leave out what may be left out: taken.
    private(set) var valid: [InputProbe] = []

    private let model: Model
    private let operation: String

    init(_ model: Model, operation: String) {
        self.model = model
        self.operation = operation
        guard let shape = model.operations[operation]?.input else { fatalError("the model has no operation \(operation)") }
        probe(shape: shape, member: "", put: { $0 })
    }

    /// Tries the shape `name`; `put` makes the whole input of a value in its place.
    private mutating func probe(shape name: String, member: String, put: @escaping (JSON) -> JSON) {
        let shape = model[shape: name]
        let make: (String, JSON) -> InputProbe = { [operation] change, value in
            InputProbe(operation: operation, member: member, change: change, input: put(value))
        }
        switch shape.type {
        case "structure": probe(structure: shape, sample: model.sample(of: name), put: put)
        case "list": probe(list: shape, member: member, put: put, make)
        case "string": probe(string: shape, name: name, make)
        case "integer", "long": probe(integer: shape, make)
        case "blob":
            mistyped += [make("number", 1), make("no base64", "!")]
            let base64 = { (count: Int) in JSON.string(String(repeating: "AAAA", count: count / 3) + ["", "AA==", "AAA="][count % 3]) }
            if let max = shape.max {
                valid.append(make("longest", base64(max)))
                broken.append(make("too long", base64(max + 1)))
            }
        default: mistyped += [make("number", 1), make("string", "true")]
        }
    }

    private mutating func probe(structure shape: Model.Shape, sample: JSON, put: @escaping (JSON) -> JSON) {
        for (name, memberShape) in (shape.members ?? [:]).sorted(by: { $0.key < $1.key }) {
            var without = sample
            without[name] = nil
            var null = sample
            null[name] = JSON.null
            let probes = [("left out", without), ("null", null)].map {
                InputProbe(operation: operation, member: name, change: $0.0, input: put($0.1))
            }
            if shape.required?.contains(name) == true { broken += probes } else { valid += probes }
            probe(shape: memberShape, member: name) { value in
                var changed = sample
                changed[name] = value
                return put(changed)
            }
        }
    }

    private mutating func probe(
        list shape: Model.Shape, member: String, put: @escaping (JSON) -> JSON, _ make: (String, JSON) -> InputProbe
    ) {
        let element = model.sample(of: shape.member ?? "")
        let list = { (count: Int) in JSON.array(Array(repeating: element, count: count)) }
        mistyped.append(make("object", [:]))
        if let min = shape.min, min > 0 { broken.append(make("too few", list(min - 1))) } else { valid.append(make("empty", [])) }
        if let max = shape.max {
            valid.append(make("most", list(max)))
            broken.append(make("too many", list(max + 1)))
        }
        probe(shape: shape.member ?? "", member: member) { put(.array([element, $0])) }
    }

    private mutating func probe(string shape: Model.Shape, name: String, _ make: (String, JSON) -> InputProbe) {
        mistyped.append(make("number", 1))
        if let values = shape.enum {
            valid += values.map { make($0, .string($0)) }
            broken += ["BOGUS", "", values[0].lowercased(), values[0].uppercased()].filter { !values.contains($0) }.map {
                make("no such value '\($0)'", .string($0))
            }
            return
        }
        if let min = shape.min, min > 0 {
            valid.append(make("shortest", .string(model.text(of: name, shape, count: min))))
            broken.append(make("too short", .string(model.text(of: name, shape, count: min - 1))))
        }
        if let max = shape.max {
            valid.append(make("longest", .string(model.text(of: name, shape, count: max))))
            broken.append(make("too long", .string(model.text(of: name, shape, count: max + 1))))
        }
        if let pattern = shape.pattern {
            broken += ["!!!", "a b", "\u{e4}\u{e4}\u{e4}", model.text(of: name, shape) + "\n"].filter { !Self.fits($0, pattern) }.map {
                make("not of the pattern: '\($0)'", .string($0))
            }
        }
    }

    /// True when a text fits a pattern of the model's, in which `\w` is ASCII.
    private static func fits(_ text: String, _ pattern: String) -> Bool {
        let ascii = pattern.replacing("[\\w", with: "[A-Za-z0-9_")
        return (try? Regex(ascii).matchingSemantics(.unicodeScalar).wholeMatch(in: text)) != nil
    }

    private mutating func probe(integer shape: Model.Shape, _ make: (String, JSON) -> InputProbe) {
        mistyped += [make("string", "1"), make("fraction", .number(1.5))]
        if let min = shape.min {
            valid.append(make("least", .integer(min)))
            broken.append(make("too small", .integer(min - 1)))
        }
        if let max = shape.max {
            valid.append(make("greatest", .integer(max)))
            broken.append(make("too great", .integer(max + 1)))
        }
    }
}
