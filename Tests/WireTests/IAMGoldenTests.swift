import Testing

@testable import IAMAPI

/// Requests to IAM and answers in files, one for each thing that can happen to an operation.
@Suite("IAM, request by request") struct IAMGoldenTests {
    static let cases = QueryGoldenCase.all("iam")
    static let names = QueryService.iam.implemented.map { $0.name }
    private let golden = QueryGolden(
        service: .iam, model: .iam, commonErrors: ["AccessDenied", "ValidationError", "MalformedInput"], reasons: reasons)

    @Test(arguments: cases) func answersAsWritten(golden: QueryGoldenCase) async throws { try await self.golden.expectAnswer(to: golden) }

    @Test(arguments: cases) func answersInTheModelsShapes(golden: QueryGoldenCase) throws {
        try self.golden.expectShape(of: golden, except: Self.isAWSsOwn)
    }

    /// Where AWS itself answers otherwise than its model says: of the account's root it tells no name and no path, a boundary is a `Policy`, and
    /// the simulator has other names for the types of policies.
    private static func isAWSsOwn(_ problem: String) -> Bool {
        ["GetUser.User.Path is missing", "GetUser.User.UserName is missing"].contains(problem)
            || problem.hasSuffix(".PermissionsBoundary.PermissionsBoundaryType: Policy is not in PermissionsBoundaryAttachmentType")
            || problem.hasSuffix(" Policy is not in PolicySourceType")
    }

    @Test(arguments: cases) func failsOnlyAsTheModelSays(golden: QueryGoldenCase) throws {
        // The model gives it no error at all.
        if golden.operation == "GetAccessKeyLastUsed", golden.status == 404 { return }
        try self.golden.expectDocumentedError(of: golden)
    }

    @Test(arguments: names) func coversWhatCanHappen(operation: String) throws { try golden.expectCoverage(of: operation, by: Self.cases) }

    @Test func everyReasonIsNeeded() { golden.expectReasonsToBeUsed() }

    /// Why an error of the model does not come about.
    private static let reasons: [QueryGolden.Reason] = [
        .init("ServiceFailure", "the server's own fault; IAMModelTests.anErrorOfOursTellsNothingButTheRequest makes one"),
        .init("ConcurrentModification", "changes wait for each other in the database and then hold at once"),
        .init("EntityTemporarilyUnmodifiable", "a user that was just made can be changed at once"),
        .init("OpenIdIdpCommunicationError", "the issuer is not asked before its first token comes"),
        .init("ReportInProgress", "a report is made while its request waits"),
        .init("PolicyEvaluation", "a policy that can be read can be evaluated; what cannot be read is InvalidInput"),
        .init("EntityAlreadyExists", of: ["AddRoleToInstanceProfile"], "a profile holds one role: a second is LimitExceeded, whichever it is"),
        .init("NoSuchEntity", of: ["CreateGroup", "CreateServiceLinkedRole"], "they name nothing that has to be there"),
        .init("NoSuchEntity", of: ["DeleteOpenIDConnectProvider"], "as AWS documents, deleting what is not there succeeds"),
        .init(
            "InvalidInput", of: ["ListAttachedGroupPolicies", "ListAttachedRolePolicies", "ListAttachedUserPolicies", "UntagInstanceProfile"],
            "what could be wrong with their input is ValidationError"),
        .init(
            "LimitExceeded", of: ["CreateGroup", "CreateInstanceProfile", "CreateUser"],
            "accounts have no quota of these, and 51 tags are ValidationError"),
        .init("LimitExceeded", of: ["CreateServiceLinkedRole"], "a service has one role in an account"),
        .init("LimitExceeded", of: ["CreateAccountAlias"], "a new alias takes the place of the old one"),
        .init("LimitExceeded", of: ["UpdateAccessKey", "UpdateGroup", "UpdateUser", "SetDefaultPolicyVersion"], "they make nothing more"),
        .init("LimitExceeded", of: ["GenerateCredentialReport"], "reports may be asked for at any rate"),
        .init(
            "LimitExceeded",
            of: [
                "DeleteAccessKey", "DeleteAccountAlias", "DeleteGroup", "DeleteGroupPolicy", "DeleteInstanceProfile", "DeletePolicy",
                "DeletePolicyVersion",
                "DeleteRole", "DeleteRolePolicy", "DeleteServiceLinkedRole", "DeleteUser", "DeleteUserPolicy", "DetachGroupPolicy",
                "DetachRolePolicy",
                "DetachUserPolicy", "RemoveRoleFromInstanceProfile", "RemoveUserFromGroup",
            ], "they make less"),
    ]
}
