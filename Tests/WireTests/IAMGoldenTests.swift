import Testing

@testable import IAMAPI

/// Requests to IAM and answers in files, one for each thing that can happen to an operation.
@Suite("IAM, request by request") struct IAMGoldenTests {
    static let cases = QueryGoldenCase.all("iam")
    static let names = QueryService.iam.implemented.map { $0.name }

    @Test(arguments: cases) func answersAsWritten(golden: QueryGoldenCase) async throws {
        let answer = try await golden.run()
        #expect(answer.action == "iam:\(golden.operation)")
        if GoldenCase.isRegenerating {
            try golden.write(answer)
        } else {
            #expect(JSON.integer(answer.status) == golden.status)
            #expect(answer.body.lines == golden.lines)
        }
    }

    /// A successful answer is of the model's output shape: names, types, enums.
    @Test(arguments: cases) func answersInTheModelsShapes(golden: QueryGoldenCase) throws {
        guard golden.status == 200 else { return }
        let body = try golden.body
        #expect(body.tag == "\(golden.operation)Response xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"")
        let output = try #require(Model.iam.operations[golden.operation]).output
        let result = body["\(golden.operation)Result"]
        #expect((result == nil) == (output == "Nothing"))
        guard let result else { return }
        let problems = Model.iam.problems(of: result.json(as: output, of: Model.iam), as: output, at: golden.operation)
        #expect(problems.filter { !Self.isAWSsOwn($0) } == [])
    }

    /// Where AWS itself answers otherwise than its model says: of the account's root it tells no name and no path, a boundary is a `Policy`, and
    /// the simulator has other names for the types of policies.
    private static func isAWSsOwn(_ problem: String) -> Bool {
        ["GetUser.User.Path is missing", "GetUser.User.UserName is missing"].contains(problem)
            || problem.hasSuffix(".PermissionsBoundary.PermissionsBoundaryType: Policy is not in PermissionsBoundaryAttachmentType")
            || problem.hasSuffix(" Policy is not in PolicySourceType")
    }

    /// An error is one that the model gives to the operation, or one of the protocol's own.
    @Test(arguments: cases) func failsOnlyAsTheModelSays(golden: QueryGoldenCase) throws {
        guard golden.status != 200 else { return }
        let code = try #require(try golden.body["Error"]?["Code"]?.text)
        if ["AccessDenied", "ValidationError", "MalformedInput"].contains(code) { return }
        // The model gives it no error at all.
        if golden.operation == "GetAccessKeyLastUsed" { return #expect(code == "NoSuchEntity") }
        let errors = try #require(Model.iam.operations[golden.operation]).errors.map { Model.iam[shape: $0] }
        let error = try #require(errors.first { $0.code == code }, "\(code) is no error of \(golden.operation)")
        #expect(golden.status == error.status.map { .integer($0) })
    }

    /// Every operation has a file for a success and for each of its errors that can come about.
    @Test(arguments: names) func coversWhatCanHappen(operation: String) throws {
        let cases = Self.cases.filter { $0.operation == operation }
        #expect(cases.contains { $0.status == 200 })
        let covered = Set(try cases.compactMap { try $0.body["Error"]?["Code"]?.text })
        let possible = try #require(Model.iam.operations[operation]).errors.compactMap { Model.iam[shape: $0].code }
        #expect(Set(possible).subtracting(covered).subtracting(Self.neverHappening).sorted() == Self.unreachable(operation))
    }

    /// ServiceFailure has a test of its own; nothing here waits for another's change, and nothing is created bit by bit.
    private static let neverHappening: Set<String> = [
        "ServiceFailure", "ConcurrentModification", "EntityTemporarilyUnmodifiable", "PolicyNotAttachable",
    ]

    /// The model's errors that Berth has no cause for.
    private static func unreachable(_ operation: String) -> [String] {
        switch operation {
        case "CreateGroup": ["LimitExceeded", "NoSuchEntity"]
        case "AttachGroupPolicy", "AttachRolePolicy", "AttachUserPolicy", "AddUserToGroup", "CreateAccessKey", "CreatePolicyVersion",
            "PutGroupPolicy",
            "PutRolePolicy", "PutUserPolicy", "TagPolicy", "TagUser", "CreatePolicy", "CreateRole", "UpdateAssumeRolePolicy", "TagRole",
            "TagInstanceProfile", "AddClientIDToOpenIDConnectProvider", "TagOpenIDConnectProvider":
            []
        case "AddRoleToInstanceProfile": ["EntityAlreadyExists"]
        case "CreateServiceLinkedRole": ["LimitExceeded", "NoSuchEntity"]
        case "CreateOpenIDConnectProvider": ["OpenIdIdpCommunicationError"]
        case "DeleteOpenIDConnectProvider": ["NoSuchEntity"]
        case "UntagInstanceProfile": ["InvalidInput"]
        case "SimulateCustomPolicy", "SimulatePrincipalPolicy": ["PolicyEvaluation"]
        case "GetCredentialReport": ["ReportInProgress"]
        case "ListAttachedGroupPolicies", "ListAttachedRolePolicies", "ListAttachedUserPolicies": ["InvalidInput"]
        default:
            (Model.iam.operations[operation]?.errors ?? []).compactMap { Model.iam[shape: $0].code }.filter { $0 == "LimitExceeded" }
        }
    }
}
