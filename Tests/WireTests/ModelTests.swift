import AWSCore
import Testing

@testable import ECRAPI

/// Every operation against AWS's own description of the API.
@Suite struct ModelTests {
    @Test(arguments: [(ModelledAPI.ecr, 62), (.ecrPublic, 23)]) func knowsEveryOperationOfTheModelAndNoOther(api: ModelledAPI, count: Int) {
        #expect(Set(api.names).union(api.operations.missing) == Set(api.model.operations.keys))
        #expect(Set(api.names).isDisjoint(with: api.operations.missing))
        #expect(api.names == api.names.sorted())
        #expect(api.model.operations.count == count)
    }

    @Test func publicHasEveryOperation() {
        #expect(Set(ModelledAPI.ecrPublic.names) == Set(Model.ecrPublic.operations.keys))
    }

    /// The list of what is still to come; it grows shorter with every operation, never longer.
    @Test func namesTheOperationsThatAreMissing() {
        let missing = Set(Model.ecr.operations.keys).subtracting(ModelledAPI.ecr.names)
        #expect(
            missing.sorted() == [
                "BatchGetRepositoryScanningConfiguration", "CreatePullThroughCacheRule", "DeletePullThroughCacheRule", "DeleteSigningConfiguration",
                "DescribeImageReplicationStatus", "DescribeImageScanFindings", "DescribeImageSigningStatus", "DescribePullThroughCacheRules",
                "DescribeReplicationBackfillResults", "GetRegistryScanningConfiguration", "GetSigningConfiguration", "ListReplicationBackfills",
                "PutImageScanningConfiguration", "PutRegistryScanningConfiguration", "PutReplicationConfiguration", "PutSigningConfiguration",
                "StartImageScan", "StartReplicationBackfill", "StopReplicationBackfill", "UpdatePullThroughCacheRule",
                "ValidatePullThroughCacheRule",
            ])
    }

    @Test(arguments: ModelledOperation.all) func hasTheMembersOfTheModelAndNoOther(operation: ModelledOperation) throws {
        let shape = try #require(operation.model.operations[operation.name]).input
        let input = try decode(operation, operation.model.sample(of: shape))
        operation.model.expectMembers(of: shape, in: input, at: operation.action)
    }

    @Test(arguments: ModelledOperation.all) func takesWhatTheModelAllows(operation: ModelledOperation) throws {
        for probe in InputProbes(operation.model, operation: operation.name).valid {
            #expect(throws: Never.self, "\(probe.testDescription)") { try decode(operation, probe.input) }
        }
    }

    @Test(arguments: ModelledOperation.all) func refusesWhatTheModelForbids(operation: ModelledOperation) throws {
        for probe in InputProbes(operation.model, operation: operation.name).broken {
            let fault = #expect(throws: InputFault.self, "\(probe.testDescription)") { try decode(operation, probe.input) }
            guard case .refused(let violation)? = fault else {
                Issue.record("\(probe.testDescription): \(String(describing: fault))")
                continue
            }
            #expect(violation.member == probe.member, "\(probe.testDescription)")
        }
    }

    @Test(arguments: ModelledOperation.all) func refusesOtherTypesThanTheModels(operation: ModelledOperation) throws {
        for probe in InputProbes(operation.model, operation: operation.name).mistyped {
            #expect(throws: InputFault.malformed, "\(probe.testDescription)") { try decode(operation, probe.input) }
        }
    }

    @Test(arguments: [ModelledAPI.ecr, .ecrPublic]) func quotesThePatternsOfTheModel(api: ModelledAPI) throws {
        let pattern = try #require(api.model[shape: "RepositoryName"].pattern)
        let operation = ModelledOperation(api: api, name: "DeleteRepository")
        let fault = #expect(throws: InputFault.self) { try decode(operation, ["repositoryName": "Not A Name"]) }
        #expect(
            fault?.error().message
                == "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '\(pattern)''")
    }

    /// The probes of one operation, counted once, so that a change of the model's form cannot empty the tests above.
    @Test func probesEveryKindOfConstraint() {
        let probes = InputProbes(.ecr, operation: "CreateRepository")
        #expect(probes.broken.count == 41)
        #expect(probes.valid.count == 32)
        #expect(probes.mistyped.count == 13)
    }

    private func decode(_ operation: ModelledOperation, _ input: JSON) throws -> any ECROperation {
        let type = try #require(operation.api.operations.named(operation.name))
        return try decode(type, input.bytes)
    }

    private func decode<Operation: ECROperation>(_: Operation.Type, _ body: [UInt8]) throws -> any ECROperation {
        let operation: Operation = try AWSJSON.decode(body)
        return operation
    }
}
