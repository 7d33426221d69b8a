import Testing

@testable import ECRAPI

/// Requests and answers in files, one for each thing that can happen to an operation.
@Suite struct GoldenTests {
    @Test(arguments: GoldenCase.all) func answersAsWritten(golden: GoldenCase) async throws {
        let answer = try await golden.run()
        if GoldenCase.isRegenerating {
            try golden.write(answer)
        } else {
            #expect(JSON.integer(answer.status) == golden.status)
            #expect(JSON.object(answer.headers.mapValues { .string($0) }) == golden.content["headers"])
            #expect(answer.body == golden.body)
        }
    }

    /// A successful answer is of the model's output shape: names, types, enums.
    @Test(arguments: GoldenCase.all) func answersInTheModelsShapes(golden: GoldenCase) throws {
        guard golden.status == 200 else { return }
        let shape = try #require(Model.ecr.operations[golden.operation]).output
        #expect(Model.ecr.problems(of: golden.body, as: shape, at: golden.operation) == [])
    }

    /// An error is one that the model gives to the operation, or one of the protocol's own.
    @Test(arguments: GoldenCase.all) func failsOnlyAsTheModelSays(golden: GoldenCase) throws {
        guard golden.status != 200 else { return }
        let code = try #require(golden.body["__type"]?.text)
        let errors = try #require(Model.ecr.operations[golden.operation]).errors + ["AccessDeniedException", "UnsupportedOperationException"]
        #expect(errors.contains(code))
        #expect(golden.status == 400)
        guard let shape = Model.ecr.shapes[code] else { return }
        var members = golden.body
        members["__type"] = nil
        #expect(Set(members.members.keys).isSubset(of: Set((shape.members ?? [:]).keys)))
    }

    /// Every operation has a file for a success and for each of its errors that can come about.
    @Test(arguments: ModelTests.names) func coversWhatCanHappen(operation: String) throws {
        let cases = GoldenCase.all.filter { $0.operation == operation }
        #expect(cases.contains { $0.status == 200 })
        let covered = Set(cases.compactMap { $0.body["__type"]?.text })
        let uncovered = Set(try #require(Model.ecr.operations[operation]).errors).subtracting(covered).sorted()
        #expect(uncovered == Self.unreachable(operation))
    }

    /// The model's errors that Berth has no cause for yet (no KMS, no cache rules), and ServerException, which has tests of its own.
    private static func unreachable(_ operation: String) -> [String] {
        switch operation {
        case "BatchGetImage": ["LimitExceededException", "ServerException", "UnableToGetUpstreamImageException"]
        case "CompleteLayerUpload", "CreateRepository", "DeleteRepository", "InitiateLayerUpload", "PutImage", "UploadLayerPart":
            ["KmsException", "ServerException"]
        case "GetAccountSetting", "PutRegistryPolicy": ["ServerException", "ValidationException"]
        case "PutAccountSetting": ["LimitExceededException", "ServerException", "ValidationException"]
        case "DeleteRegistryPolicy", "DescribeRegistry", "GetRegistryPolicy": ["InvalidParameterException", "ServerException", "ValidationException"]
        case "GetDownloadUrlForLayer": ["ServerException", "UnableToGetUpstreamLayerException"]
        case "DeleteLifecyclePolicy", "GetLifecyclePolicy", "GetLifecyclePolicyPreview", "PutLifecyclePolicy", "StartLifecyclePolicyPreview",
            "UpdateImageStorageClass":
            ["ServerException", "ValidationException"]
        case "UntagResource": ["InvalidTagParameterException", "ServerException", "TooManyTagsException"]
        default: ["ServerException"]
        }
    }

    /// The members of the model's outputs that no answer has; each waits for the feature that it tells of.
    @Test func answersWithAllMembersButThese() throws {
        var seen: [String: Set<String>] = [:]
        for golden in GoldenCase.all where golden.status == 200 {
            let shape = try #require(Model.ecr.operations[golden.operation]).output
            Model.ecr.collectMembers(of: golden.body, as: shape, into: &seen)
        }
        let absent = seen.mapValues { _ in [String]() }.merging(
            seen.map { name, members in (name, Set((Model.ecr[shape: name].members ?? [:]).keys).subtracting(members).sorted()) },
            uniquingKeysWith: { $1 })
        #expect(
            absent.filter { !$0.value.isEmpty } == [
                "EncryptionConfiguration": ["kmsKey"],
                "ImageDetail": ["imageScanFindingsSummary", "imageScanStatus", "lastRecordedPullTime"],
                "Layer": ["mediaType"],
            ])
    }
}
