import TestSupport
import Testing

@testable import KMSAPI

/// Requests and answers in files, one for each thing that can happen to an operation of KMS.
@Suite struct KMSGoldenTests {
    @Test(arguments: KMSGoldenCase.all) func answersAsWritten(golden: KMSGoldenCase) async throws { try await golden.expectAnswer() }

    @Test(arguments: KMSGoldenCase.all) func answersInTheModelsShapes(golden: KMSGoldenCase) throws { try golden.expectShape() }

    @Test(arguments: KMSGoldenCase.all) func failsOnlyAsTheModelSays(golden: KMSGoldenCase) throws { try golden.expectDocumentedError() }

    /// What goes well for the root is allowed to others by the operation's own actions, which key policies leave to IAM.
    @Test(arguments: KMSGoldenCase.all.filter { $0.status == 200 }) func isAllowedByItsOwnActions(golden: KMSGoldenCase) async throws {
        let actions = golden.actions.map { "\"kms:\($0)\"" }.joined(separator: ",")
        let policy = TestSupport.PolicyText.of(TestSupport.PolicyText.statement("Allow", "Action", "[\(actions)]"))
        let answer = try await golden.run { try await $0.user(policy: policy) }
        #expect(answer.status == 200, "\(answer.body)")
    }

    /// And not by all others.
    @Test(arguments: KMSGoldenCase.all.filter { $0.status == 200 }) func isNotAllowedByAllOtherActions(golden: KMSGoldenCase) async throws {
        for action in golden.actions {
            let answer = try await golden.run {
                try await $0.user(policy: TestSupport.PolicyText.of(TestSupport.PolicyText.statement("Allow", "NotAction", "\"kms:\(action)\"")))
            }
            #expect(answer.code == "AccessDeniedException", "\(action): \(answer.body)")
        }
    }

    /// Every operation has a file for a success, for a request that is refused, and for each of its errors that can come about.
    @Test(arguments: Operations.implemented.map { $0.name }) func coversWhatCanHappen(operation: String) throws {
        let cases = KMSGoldenCase.all.filter { $0.operation == operation }
        #expect(cases.contains { $0.status == 200 })
        let covered = Set(cases.compactMap(\.code))
        #expect(covered.contains("ValidationException"))
        let uncovered = Set(try #require(Model.kms.operations[operation]).errors).subtracting(covered)
            .subtracting(["DependencyTimeoutException", "KMSInternalException", "KeyUnavailableException"])
        #expect(uncovered.sorted() == Self.unreachable(operation))
    }

    /// The model's errors that Berth has no cause for: its keys have one kind and one origin, and nothing takes time.
    private static func unreachable(_ operation: String) -> [String] {
        switch operation {
        case "CreateKey":
            [
                "CloudHsmClusterInvalidConfigurationException", "CustomKeyStoreInvalidStateException", "CustomKeyStoreNotFoundException",
                "InvalidArnException", "XksKeyAlreadyInUseException", "XksKeyInvalidConfigurationException", "XksKeyNotFoundException",
            ]
        case "DeleteAlias", "GetKeyPolicy", "ListGrants", "ListKeyPolicies": ["KMSInvalidStateException"]
        case "DisableKeyRotation", "EnableKeyRotation", "PutKeyPolicy": ["UnsupportedOperationException"]
        case "EnableKey": ["LimitExceededException"]
        case "GenerateDataKey", "GenerateDataKeyWithoutPlaintext": ["InvalidKeyUsageException"]
        case "GenerateRandom": ["CustomKeyStoreInvalidStateException", "CustomKeyStoreNotFoundException"]
        case "GetKeyRotationStatus", "ListKeyRotations": ["KMSInvalidStateException", "UnsupportedOperationException"]
        case "ListRetirableGrants": ["NotFoundException"]
        case "RetireGrant", "RevokeGrant": ["InvalidGrantIdException"]
        case "RotateKeyOnDemand": ["ConflictException", "UnsupportedOperationException"]
        default: []
        }
    }
}
