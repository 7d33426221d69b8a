import AWSCore
import Testing

@testable import IAMAPI

/// A service of the Query protocol beside AWS's own description of it.
struct QueryModel {
    let service: QueryService
    let model: Model

    func decode(_ operation: String, _ input: JSON) throws -> any QueryOperation {
        let type = try #require(service.operation(named: operation))
        let text = input.form().map { "\($0.key)=\($0.value.utf8.map { "%" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())" }
        return try decode(type, QueryForm(text.joined(separator: "&").utf8))
    }

    private func decode<Operation: QueryOperation>(_: Operation.Type, _ form: QueryForm) throws -> any QueryOperation {
        let operation: Operation = try QueryDecoder.decode(form)
        return operation
    }

    /// Compares stored properties with the model's members, structure by structure.
    func expectMembers(of name: String, in value: Any, at place: String) {
        let shape = model[shape: name]
        let children = Mirror(reflecting: value).children
        switch shape.type {
        case "structure":
            let properties = Dictionary(children.map { ($0.label ?? "", $0.value) }, uniquingKeysWith: { first, _ in first })
            let members = Dictionary(
                uniqueKeysWithValues: (shape.members ?? [:]).map { ($0.key.prefix(1).lowercased() + $0.key.dropFirst(), $0.value) })
            #expect(Set(properties.keys) == Set(members.keys), "\(place)")
            for (property, value) in properties {
                guard let member = members[property] else { continue }
                expectMembers(of: member, in: unwrapped(value), at: "\(place).\(property)")
            }
        case "list":
            let list = children.first { $0.label == "values" }?.value ?? value
            guard let element = Mirror(reflecting: list).children.first?.value else {
                Issue.record("\(place) was not decoded")
                return
            }
            expectMembers(of: shape.member ?? "", in: element, at: place)
        default: break
        }
    }

    private func unwrapped(_ value: Any) -> Any {
        let mirror = Mirror(reflecting: value)
        return mirror.displayStyle == .optional ? mirror.children.first?.value ?? value : value
    }
}

extension JSON {
    /// The parameters of a form that say the same; what is null is left out.
    func form(_ name: String = "") -> [String: String] {
        let prefix = name.isEmpty ? "" : name + "."
        switch self {
        case .null: return [:]
        case .bool(let value): return [name: String(value)]
        case .integer(let value): return [name: String(value)]
        case .number(let value): return [name: String(value)]
        case .string(let text): return [name: text]
        case .array(let elements):
            if elements.isEmpty { return [name: ""] }
            return elements.enumerated().reduce(into: [:]) { form, element in
                form.merge(element.element.form("\(prefix)member.\(element.offset + 1)")) { $1 }
            }
        case .object(let members): return members.reduce(into: [:]) { $0.merge($1.value.form(prefix + $1.key)) { $1 } }
        }
    }
}
