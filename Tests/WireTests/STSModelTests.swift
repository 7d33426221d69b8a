import AWSCore
import Testing

@testable import IAMAPI

/// Every operation of STS against AWS's own description of it.
@Suite("STS against AWS's model") struct STSModelTests {
    static let model = Model.sts
    static let names = QueryService.sts.implemented.map { $0.name }
    private let comparison = QueryModel(service: .sts, model: model)

    @Test func knowsEveryOperationOfTheModelAndNoOther() { comparison.expectAllOperations(11) }

    @Test(arguments: names) func hasTheMembersOfTheModelAndNoOther(operation: String) throws { try comparison.expectMembers(of: operation) }

    @Test(arguments: names) func takesWhatTheModelAllows(operation: String) { comparison.expectTakesWhatTheModelAllows(operation) }

    @Test(arguments: names) func refusesWhatTheModelForbids(operation: String) throws {
        for probe in InputProbes(Self.model, operation: operation).broken {
            let error = #expect(throws: AWSError.self, "\(probe.testDescription)") { try comparison.decode(operation, probe.input) }
            #expect(error?.code == "ValidationError", "\(probe.testDescription)")
        }
    }
}
