import HTTPTypes
import IAM
import TestSupport
import Testing

@testable import DistributionAPI

/// Every route of the docker path under every kind of decision.
@Suite("Every route, allowed and denied")
struct RouteMatrixTests {
    @Test("A user with the actions of the table gets through", arguments: AuthorizationTests.requests)
    func allowed(_ method: HTTPRequest.Method, _ target: String, _ actions: [String]) async throws {
        let list = actions.map { "\"\($0)\"" }.joined(separator: ",")
        let answer = try await answer(method, target, PolicyText.of(PolicyText.statement("Allow", "Action", "[\(list)]")))
        #expect(answer.status != 403 && answer.status != 401)
        #expect(answer.action == actions[0])
    }

    @Test("A user without one of them does not", arguments: AuthorizationTests.requests)
    func implicitlyDenied(_ method: HTTPRequest.Method, _ target: String, _ actions: [String]) async throws {
        for action in actions {
            let answer = try await answer(method, target, PolicyText.of(PolicyText.statement("Allow", "NotAction", "\"\(action)\"")))
            expectDenial(answer, of: action, method, "because no identity-based policy allows the \(action) action")
        }
    }

    @Test("Nor one who is denied one of them", arguments: AuthorizationTests.requests)
    func explicitlyDenied(_ method: HTTPRequest.Method, _ target: String, _ actions: [String]) async throws {
        for action in actions {
            let policy = PolicyText.of(PolicyText.statement("Allow"), PolicyText.statement("Deny", "Action", "\"\(action)\""))
            expectDenial(try await answer(method, target, policy), of: action, method, "with an explicit deny in an identity-based policy")
        }
    }

    private func answer(_ method: HTTPRequest.Method, _ target: String, _ policy: String) async throws -> Answer {
        var client = try await RegistryClient()
        client.caller = try await client.installation.user(policy: policy)
        return try await client.send(method, "/v2/app/\(target)")
    }

    private func expectDenial(_ answer: Answer, of action: String, _ method: HTTPRequest.Method, _ reason: String) {
        #expect(answer.status == 403)
        guard method != .head else { return }
        #expect(answer.failure?.code == "DENIED")
        #expect(
            answer.failure?.message == "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: \(action) on resource: "
                + "arn:aws:ecr:us-east-1:123456789012:repository/app \(reason)")
    }
}
