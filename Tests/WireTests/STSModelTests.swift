import AWSCore
import Testing

@testable import IAMAPI

/// Every operation of STS against AWS's own description of it.
@Suite("STS against AWS's model") struct STSModelTests {
    static let model = Model.sts
    static let names = QueryService.sts.implemented.map { $0.name }
    private let comparison = QueryModel(service: .sts, model: model)

    @Test func knowsEveryOperationOfTheModelAndNoOther() {
        #expect(Set(Self.names).union(QueryService.sts.missing) == Set(Self.model.operations.keys))
        #expect(Set(Self.names).isDisjoint(with: QueryService.sts.missing))
        #expect(Self.names == Self.names.sorted())
        #expect(Self.model.operations.count == 11)
    }

    @Test(arguments: names) func hasTheMembersOfTheModelAndNoOther(operation: String) throws {
        let shape = try #require(Self.model.operations[operation]).input
        let input = try comparison.decode(operation, Self.model.sample(of: shape))
        comparison.expectMembers(of: shape, in: input, at: operation)
    }

    @Test(arguments: names) func takesWhatTheModelAllows(operation: String) throws {
        for probe in InputProbes(Self.model, operation: operation).valid {
            #expect(throws: Never.self, "\(probe.testDescription)") { try comparison.decode(operation, probe.input) }
        }
    }

    @Test(arguments: names) func refusesWhatTheModelForbids(operation: String) throws {
        for probe in InputProbes(Self.model, operation: operation).broken {
            let error = #expect(throws: AWSError.self, "\(probe.testDescription)") { try comparison.decode(operation, probe.input) }
            #expect(error?.code == "ValidationError", "\(probe.testDescription)")
        }
    }
}
