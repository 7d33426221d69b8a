import Testing

@testable import IAMAPI

/// Requests to STS and answers in files, one for each thing that can happen to an operation.
@Suite("STS, request by request") struct STSGoldenTests {
    static let cases = QueryGoldenCase.all("sts")
    static let names = QueryService.sts.implemented.map { $0.name }
    private let golden = QueryGolden(
        service: .sts, model: .sts,
        commonErrors: ["AccessDenied", "ValidationError", "MissingAuthenticationToken", "InvalidParameterValue"], reasons: reasons)

    @Test(arguments: cases) func answersAsWritten(golden: QueryGoldenCase) async throws { try await self.golden.expectAnswer(to: golden) }

    @Test(arguments: cases) func answersInTheModelsShapes(golden: QueryGoldenCase) throws { try self.golden.expectShape(of: golden) }

    @Test(arguments: cases) func failsOnlyAsTheModelSays(golden: QueryGoldenCase) throws { try self.golden.expectDocumentedError(of: golden) }

    /// No service of Berth's encodes a refusal, so none can be decoded.
    @Test(arguments: names) func coversWhatCanHappen(operation: String) throws {
        try golden.expectCoverage(of: operation, by: Self.cases, neverSucceeds: operation == "DecodeAuthorizationMessage")
    }

    @Test func everyReasonIsNeeded() { golden.expectReasonsToBeUsed() }

    /// Why an error of the model does not come about.
    private static let reasons: [QueryGolden.Reason] = [
        .init("RegionDisabledException", "no region has to be enabled"),
        .init("ExpiredTokenException", of: ["AssumeRole"], "it is for the contexts of trusted token issuers, which are refused as ValidationError"),
    ]
}
