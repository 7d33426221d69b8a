import Testing

@testable import ECRAPI

/// Requests and answers in files, one for each thing that can happen to an operation.
@Suite struct GoldenTests {
    @Test(arguments: GoldenCase.all) func answersAsWritten(golden: GoldenCase) async throws { try await golden.expectAnswer() }

    @Test(arguments: GoldenCase.all) func answersInTheModelsShapes(golden: GoldenCase) throws { try golden.expectShape() }

    @Test(arguments: GoldenCase.all) func failsOnlyAsTheModelSays(golden: GoldenCase) throws { try golden.expectDocumentedError() }

    /// Every operation has a file for a success and for each of its errors that can come about.
    @Test(arguments: ModelledOperation.all) func coversWhatCanHappen(operation: ModelledOperation) throws {
        let cases = GoldenCase.all.filter { $0.api.api == operation.api.api && $0.operation == operation.name }
        #expect(cases.contains { $0.status == 200 })
        let covered = Set(cases.compactMap(\.code))
        let uncovered = Set(try #require(operation.model.operations[operation.name]).errors).subtracting(covered).sorted()
        #expect(uncovered == (operation.api.api == .ecr ? Self.unreachable(operation.name) : Self.unreachableInPublic(operation.name)))
    }

    /// The model's errors that Berth has no cause for yet (no cache rules; a repository is deleted whatever its key), and ServerException, which has
    /// tests of its own.
    private static func unreachable(_ operation: String) -> [String] {
        switch operation {
        case "BatchGetImage": ["LimitExceededException", "ServerException", "UnableToGetUpstreamImageException"]
        case "DeleteRepository": ["KmsException", "ServerException"]
        case "GetAccountSetting", "PutRegistryPolicy": ["ServerException", "ValidationException"]
        case "DeleteRepositoryCreationTemplate", "DescribeRepositoryCreationTemplates": ["ServerException", "ValidationException"]
        case "RegisterPullTimeUpdateExclusion": ["ServerException", "ValidationException"]
        case "DeregisterPullTimeUpdateExclusion", "ListPullTimeUpdateExclusions":
            ["LimitExceededException", "ServerException", "ValidationException"]
        case "PutAccountSetting": ["LimitExceededException", "ServerException", "ValidationException"]
        case "DeleteRegistryPolicy", "DescribeRegistry", "GetRegistryPolicy": ["InvalidParameterException", "ServerException", "ValidationException"]
        case "ListImageReferrers": ["ServerException", "UnableToListUpstreamImageReferrersException", "ValidationException"]
        case "GetDownloadUrlForLayer": ["ServerException", "UnableToGetUpstreamLayerException"]
        case "DeleteLifecyclePolicy", "GetLifecyclePolicy", "GetLifecyclePolicyPreview", "PutLifecyclePolicy", "StartLifecyclePolicyPreview",
            "UpdateImageStorageClass":
            ["ServerException", "ValidationException"]
        case "UntagResource": ["InvalidTagParameterException", "ServerException", "TooManyTagsException"]
        default: ["ServerException"]
        }
    }

    /// Those of ECR Public: tags can always move there, and catalog data is empty rather than absent.
    private static func unreachableInPublic(_ operation: String) -> [String] {
        switch operation {
        case "GetAuthorizationToken": ["InvalidParameterException", "ServerException"]
        case "GetRepositoryCatalogData": ["RepositoryCatalogDataNotFoundException", "ServerException"]
        case "PutImage": ["ImageTagAlreadyExistsException", "ServerException"]
        case "UntagResource": ["InvalidTagParameterException", "ServerException", "TooManyTagsException"]
        default: ["ServerException"]
        }
    }

    /// The members of the model's outputs that no answer has; each waits for the feature that it tells of.
    @Test func answersWithAllMembersButThese() throws {
        #expect(
            try absentMembers(.ecr) == [
                "ImageDetail": ["imageScanFindingsSummary", "imageScanStatus"],
                "Layer": ["mediaType"],
            ])
        #expect(
            try absentMembers(.ecrPublic) == [
                // There is one page of registries, and no AWS Marketplace.
                "DescribeRegistriesResponse": ["nextToken"],
                "Layer": ["mediaType"],
                "RepositoryCatalogData": ["marketplaceCertified"],
            ])
    }

    private func absentMembers(_ api: ModelledAPI) throws -> [String: [String]] {
        let model = api.model
        var seen: [String: Set<String>] = [:]
        for golden in GoldenCase.all where golden.status == 200 && golden.api.api == api.api {
            let shape = try #require(model.operations[golden.operation]).output
            model.collectMembers(of: golden.body, as: shape, into: &seen)
        }
        return seen.map { name, members in (name, Set((model[shape: name].members ?? [:]).keys).subtracting(members).sorted()) }
            .filter { !$0.1.isEmpty }.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
}
