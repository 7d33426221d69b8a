import AWSCore
import Testing

@testable import IAMAPI

/// A service of the Query protocol beside AWS's own description of it.
struct QueryModel {
    let service: QueryService
    let model: Model

    /// Expects that the service knows `count` operations, those of the model, each either built or named as missing.
    func expectAllOperations(_ count: Int) {
        let names = service.implemented.map { $0.name }
        #expect(Set(names).union(service.missing) == Set(model.operations.keys))
        #expect(Set(names).isDisjoint(with: service.missing))
        #expect(names == names.sorted())
        #expect(model.operations.count == count)
    }

    /// Expects that the operation's stored properties are the model's members.
    func expectMembers(of operation: String) throws {
        let shape = try #require(model.operations[operation]).input
        model.expectMembers(of: shape, in: try decode(operation, model.sample(of: shape)), at: operation)
    }

    /// Expects that the operation takes every probe that the model allows.
    func expectTakesWhatTheModelAllows(_ operation: String) {
        for probe in InputProbes(model, operation: operation).valid {
            #expect(throws: Never.self, "\(probe.testDescription)") { try decode(operation, probe.input) }
        }
    }

    func decode(_ operation: String, _ input: JSON) throws -> any QueryOperation {
        let type = try #require(service.operation(named: operation))
        let text = input.form().map { "\($0.key)=\($0.value.utf8.map { "%" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())" }
        return try decode(type, QueryForm(text.joined(separator: "&").utf8))
    }

    private func decode<Operation: QueryOperation>(_: Operation.Type, _ form: QueryForm) throws -> any QueryOperation {
        let operation: Operation = try QueryDecoder.decode(form)
        return operation
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
