import AWSCore
import Testing

@testable import KMSAPI

/// Every operation of KMS against AWS's own description of the API.
@Suite struct KMSModelTests {
    private static let model = Model.kms

    @Test func knowsEveryOperationOfTheModelAndNoOther() {
        let names = Operations.implemented.map { $0.name }
        #expect(Set(names).union(Operations.missing) == Set(Self.model.operations.keys))
        #expect(Set(names).isDisjoint(with: Operations.missing))
        #expect(names == names.sorted())
        #expect(names.count == 34)
        #expect(Self.model.operations.count == 56)
        #expect(Self.model.targetPrefix == "TrentService")
    }

    @Test(arguments: Operations.missing.sorted()) func saysWhatItDoesNotDo(operation: String) async throws {
        let answer = try await KMSWire().call(operation)
        #expect(answer.code == "UnsupportedOperationException")
        #expect(answer.action == "kms:\(operation)")
    }

    @Test func refusesWhatNoModelHas() async throws {
        let answer = try await KMSWire().call("Nonsense")
        #expect(answer.code == "UnknownOperationException")
        #expect(answer.action == nil)
    }

    @Test(arguments: Operations.implemented.map { $0.name }) func hasTheMembersOfTheModelAndNoOther(operation: String) throws {
        let shape = try #require(Self.model.operations[operation]).input
        let input = try decode(operation, Self.model.sample(of: shape))
        Self.model.expectMembers(of: shape, in: input, at: operation)
    }

    @Test(arguments: Operations.implemented.map { $0.name }) func takesWhatTheModelAllows(operation: String) throws {
        for probe in InputProbes(Self.model, operation: operation).valid {
            #expect(throws: Never.self, "\(probe.testDescription)") { try decode(operation, probe.input) }
        }
    }

    @Test(arguments: Operations.implemented.map { $0.name }) func refusesWhatTheModelForbids(operation: String) throws {
        for probe in InputProbes(Self.model, operation: operation).broken {
            let fault = #expect(throws: InputFault.self, "\(probe.testDescription)") { try decode(operation, probe.input) }
            guard case .refused(let violation)? = fault else {
                Issue.record("\(probe.testDescription): \(String(describing: fault))")
                continue
            }
            #expect(violation.member == probe.member.prefix(1).lowercased() + probe.member.dropFirst(), "\(probe.testDescription)")
        }
    }

    @Test(arguments: Operations.implemented.map { $0.name }) func refusesOtherTypesThanTheModels(operation: String) throws {
        for probe in InputProbes(Self.model, operation: operation).mistyped {
            #expect(throws: InputFault.malformed, "\(probe.testDescription)") { try decode(operation, probe.input) }
        }
    }

    private func decode(_ operation: String, _ input: JSON) throws -> Any {
        func decode<Operation: KMSOperation>(_: Operation.Type) throws -> Any {
            try AWSJSON.decode(try input.bytes, isCapitalized: true) as Operation
        }
        let type = try #require(Operations.named(operation))
        return try decode(type)
    }
}
