import IAM
import TestSupport
import Testing

@testable import ECRAPI

/// Every operation of the API under every kind of decision: the golden answers, asked for by users instead of the root.
@Suite struct AuthorizationMatrixTests {
    /// All that goes well, for the root; KMS keys that are named have policies and tests of their own.
    static let successes = GoldenCase.all.filter { $0.status == 200 && $0.content["request"]?["encryptionConfiguration"]?["kmsKey"] == nil }

    @Test func coversEveryOperation() {
        #expect(Set(Self.successes.map { "\($0.api.api.rawValue):\($0.operation)" }) == Set(ModelledOperation.all.map(\.action)))
    }

    @Test(arguments: successes) func isAllowedByItsOwnActionsAlone(golden: GoldenCase) async throws {
        let actions = golden.actions.map { "\"\($0)\"" }.joined(separator: ",")
        let answer = try await golden.run { try await $0.user(policy: PolicyText.of(PolicyText.statement("Allow", "Action", "[\(actions)]"))) }
        #expect(answer.status == 200, "\(answer.body)")
        #expect(answer.body == golden.body)
    }

    @Test(arguments: successes) func isNotAllowedByAllOtherActions(golden: GoldenCase) async throws {
        for action in golden.actions {
            let answer = try await golden.run {
                try await $0.user(policy: PolicyText.of(PolicyText.statement("Allow", "NotAction", "\"\(action)\"")))
            }
            golden.expectDenial(of: action, because: "because no identity-based policy allows the \(action) action", in: answer)
        }
    }

    @Test(arguments: successes) func isDeniedWhateverElseAllows(golden: GoldenCase) async throws {
        for action in golden.actions {
            let answer = try await golden.run {
                try await $0.user(policy: PolicyText.of(PolicyText.statement("Allow"), PolicyText.statement("Deny", "Action", "\"\(action)\"")))
            }
            golden.expectDenial(of: action, because: "with an explicit deny in an identity-based policy", in: answer)
        }
    }
}

extension GoldenCase {
    /// What the request takes.
    fileprivate var actions: [String] {
        let service = api.api.rawValue
        let request = content["request"]
        switch operation {
        // The one operation that another's action allows.
        case "ListImageReferrers": return ["ecr:BatchGetImage"]
        case "CreateRepository" where !(request?["tags"]?.elements ?? []).isEmpty: return ["\(service):CreateRepository", "\(service):TagResource"]
        case "GetAuthorizationToken" where api.api == .ecrPublic: return ["\(service):GetAuthorizationToken", "sts:GetServiceBearerToken"]
        case "InitiateLayerUpload" where name == "creates-by-template": return ["ecr:InitiateLayerUpload", "ecr:CreateRepository", "ecr:TagResource"]
        case "CreateRepositoryCreationTemplate", "UpdateRepositoryCreationTemplate":
            let more = [
                ("repositoryPolicy", "ecr:SetRepositoryPolicy"), ("lifecyclePolicy", "ecr:PutLifecyclePolicy"), ("customRoleArn", "iam:PassRole"),
            ].filter { request?[$0.0]?.text?.isEmpty == false }
            return ["ecr:\(operation)", "ecr:CreateRepository"] + more.map(\.1)
        default: return ["\(service):\(operation)"]
        }
    }

    /// The resource that the request does `action` to first, as AWS's sentence names it.
    private func resource(of action: String) -> String {
        guard let request = content["request"] else { return "*" }
        if action == "iam:PassRole" { return request["customRoleArn"]?.text ?? "" }
        if let arn = request["resourceArn"]?.text { return arn }
        let prefix = api.api == .ecr ? "arn:aws:ecr:us-east-1:123456789012:repository/" : "arn:aws:ecr-public::123456789012:repository/"
        if let name = request["repositoryName"]?.text ?? request["repositoryNames"]?.elements.first?.text { return prefix + name }
        if operation.hasSuffix("RepositoryCreationTemplate"), action != "ecr:\(operation)", let covered = request["prefix"]?.text {
            return prefix + (covered == "ROOT" ? "*" : "\(covered)/*")
        }
        return operation == "DescribeRepositories" ? prefix + "*" : "*"
    }

    fileprivate func expectDenial(of action: String, because reason: String, in answer: Wire.Answer) {
        #expect(answer.status == 400)
        #expect(answer.code == "AccessDeniedException")
        #expect(
            answer.message
                == "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: \(action) on resource: \(resource(of: action)) \(reason)")
    }
}
