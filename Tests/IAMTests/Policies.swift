import AWSCore
import IAM

/// A policy of these statements, in the newer language version; a typo in a test is a failure of the test.
func policy(_ statements: String..., as kind: PolicyKind = .identity, version: String = "2012-10-17") throws -> PolicyDocument {
    try PolicyDocument(json: #"{"Version":"\#(version)","Statement":[\#(statements.joined(separator: ","))]}"#, as: kind)
}

/// A statement of an identity policy.
func statement(
    _ effect: String, _ action: String = #""*""#, on resource: String = #""*""#, when condition: String? = nil
) -> String {
    #"{"Effect":"\#(effect)","Action":\#(action),"Resource":\#(resource)\#(condition.map { ",\"Condition\":\($0)" } ?? "")}"#
}

/// A statement of a resource policy.
func grant(_ effect: String = "Allow", to principal: String, _ action: String = #""ecr:*""#, when condition: String? = nil) -> String {
    #"{"Effect":"\#(effect)","Principal":\#(principal),"Action":\#(action)\#(condition.map { ",\"Condition\":\($0)" } ?? "")}"#
}

struct Literals {
    static let home = AccountID("111122223333")
    static let other = AccountID("444455556666")
}

let user = RequestPrincipal(kind: .user, account: Literals.home, arn: "arn:aws:iam::111122223333:user/ci", userID: "AIDAEXAMPLEEXAMPLE01")
let session = RequestPrincipal(
    kind: .role(roleARN: "arn:aws:iam::111122223333:role/path/Deploy"), account: Literals.home,
    arn: "arn:aws:sts::111122223333:assumed-role/Deploy/run-1", userID: "AROAEXAMPLEEXAMPLE01:run-1")
let anonymous = RequestPrincipal(kind: .anonymous, account: nil, arn: "anonymous", userID: "ANONYMOUS")

/// A request of `principal` for an ECR action on the repository `app` of `owner`.
func request(
    by principal: RequestPrincipal = user, _ action: String = "ecr:PutImage", owner: AccountID? = Literals.home, facts: [String: [String]] = [:]
) -> EvaluatedRequest {
    EvaluatedRequest(
        principal: principal, action: action,
        resource: ARN(service: "ecr", region: "us-east-1", account: owner?.description ?? "", resource: "repository/app"), resourceAccount: owner,
        context: ConditionContext(facts))
}

/// The decision where these are the caller's identity policies and the resource's policies.
func decide(_ request: EvaluatedRequest, _ identity: [PolicyDocument] = [], resource: [PolicyDocument] = []) -> Decision {
    var policies = PolicySet()
    policies.identity = identity.enumerated().map { NamedPolicy(name: "identity-\($0)", document: $1) }
    policies.resource = resource.enumerated().map { NamedPolicy(name: "resource-\($0)", document: $1) }
    return evaluate(request, policies)
}
