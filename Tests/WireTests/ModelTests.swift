import AWSCore
import Testing

@testable import ECRAPI

/// Every operation against AWS's own description of the API.
@Suite struct ModelTests {
    static let model = Model.ecr
    static let names = Operations.implemented.map { $0.name }

    @Test func knowsEveryOperationOfTheModelAndNoOther() {
        #expect(Set(Self.names).union(Operations.missing) == Set(Self.model.operations.keys))
        #expect(Set(Self.names).isDisjoint(with: Operations.missing))
        #expect(Self.names == Self.names.sorted())
        #expect(Self.model.operations.count == 62)
    }

    /// The list of what is still to come; it grows shorter with every operation, never longer.
    @Test func namesTheOperationsThatAreMissing() {
        let missing = Set(Self.model.operations.keys).subtracting(Self.names)
        #expect(
            missing.sorted() == [
                "BatchGetRepositoryScanningConfiguration", "CreatePullThroughCacheRule", "CreateRepositoryCreationTemplate",
                "DeletePullThroughCacheRule", "DeleteRepositoryCreationTemplate", "DeleteSigningConfiguration",
                "DeregisterPullTimeUpdateExclusion", "DescribeImageReplicationStatus", "DescribeImageScanFindings", "DescribeImageSigningStatus",
                "DescribePullThroughCacheRules", "DescribeReplicationBackfillResults", "DescribeRepositoryCreationTemplates",
                "GetRegistryScanningConfiguration", "GetSigningConfiguration", "ListImageReferrers", "ListPullTimeUpdateExclusions",
                "ListReplicationBackfills", "PutImageScanningConfiguration", "PutRegistryScanningConfiguration", "PutReplicationConfiguration",
                "PutSigningConfiguration", "RegisterPullTimeUpdateExclusion", "StartImageScan", "StartReplicationBackfill",
                "StopReplicationBackfill", "UpdatePullThroughCacheRule", "UpdateRepositoryCreationTemplate",
                "ValidatePullThroughCacheRule",
            ])
    }

    @Test(arguments: names) func hasTheMembersOfTheModelAndNoOther(operation: String) throws {
        let shape = try #require(Self.model.operations[operation]).input
        let input = try decode(operation, Self.model.sample(of: shape))
        Self.model.expectMembers(of: shape, in: input, at: operation)
    }

    @Test(arguments: names) func takesWhatTheModelAllows(operation: String) throws {
        for probe in InputProbes(Self.model, operation: operation).valid {
            #expect(throws: Never.self, "\(probe.testDescription)") { try decode(operation, probe.input) }
        }
    }

    @Test(arguments: names) func refusesWhatTheModelForbids(operation: String) throws {
        for probe in InputProbes(Self.model, operation: operation).broken {
            let fault = #expect(throws: InputFault.self, "\(probe.testDescription)") { try decode(operation, probe.input) }
            guard case .refused(let violation)? = fault else {
                Issue.record("\(probe.testDescription): \(String(describing: fault))")
                continue
            }
            #expect(violation.member == probe.member, "\(probe.testDescription)")
        }
    }

    @Test(arguments: names) func refusesOtherTypesThanTheModels(operation: String) throws {
        for probe in InputProbes(Self.model, operation: operation).mistyped {
            #expect(throws: InputFault.malformed, "\(probe.testDescription)") { try decode(operation, probe.input) }
        }
    }

    @Test func quotesThePatternsOfTheModel() throws {
        let pattern = try #require(Self.model[shape: "RepositoryName"].pattern)
        let fault = #expect(throws: InputFault.self) { try decode("DeleteRepository", ["repositoryName": "Not A Name"]) }
        #expect(
            fault?.error().message
                == "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '\(pattern)''")
    }

    /// The probes of one operation, counted once, so that a change of the model's form cannot empty the tests above.
    @Test func probesEveryKindOfConstraint() {
        let probes = InputProbes(Self.model, operation: "CreateRepository")
        #expect(probes.broken.count == 41)
        #expect(probes.valid.count == 32)
        #expect(probes.mistyped.count == 13)
    }

    private func decode(_ operation: String, _ input: JSON) throws -> any ECROperation {
        let type = try #require(Operations.named(operation))
        return try decode(type, input.bytes)
    }

    private func decode<Operation: ECROperation>(_: Operation.Type, _ body: [UInt8]) throws -> any ECROperation {
        let operation: Operation = try AWSJSON.decode(body)
        return operation
    }
}
