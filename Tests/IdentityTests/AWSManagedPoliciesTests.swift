import AWSCore
import IAM
import Identity
import Testing

@Suite struct AWSManagedPoliciesTests {
    @Test(arguments: AWSManagedPolicies.all.map(\.arn))
    func everyOneIsAPolicy(arn: String) throws {
        let policy = try #require(AWSManagedPolicies.find(arn))
        _ = try PolicyDocument(json: policy.document, as: .identity)
        #expect(policy.arn == arn)
        #expect(policy.id.count == 21)
        #expect(policy.version >= 1)
        #expect(policy.createdAt <= policy.updatedAt)
    }

    @Test func idsAreUnique() {
        #expect(Set(AWSManagedPolicies.all.map(\.id)).count == AWSManagedPolicies.all.count)
        #expect(AWSManagedPolicies.all.count == 19)
    }

    @Test(arguments: [
        ("AmazonEC2ContainerRegistryPullOnly", "ecr:BatchGetImage", true), ("AmazonEC2ContainerRegistryPullOnly", "ecr:PutImage", false),
        ("AmazonEC2ContainerRegistryPullOnly", "ecr:BatchCheckLayerAvailability", false),
        ("AmazonEC2ContainerRegistryReadOnly", "ecr:ListImages", true), ("AmazonEC2ContainerRegistryReadOnly", "ecr:PutImage", false),
        ("AmazonEC2ContainerRegistryPowerUser", "ecr:PutImage", true), ("AmazonEC2ContainerRegistryPowerUser", "ecr:DeleteRepository", false),
        ("AmazonEC2ContainerRegistryFullAccess", "ecr:DeleteRepository", true), ("AmazonEC2ContainerRegistryFullAccess", "iam:CreateUser", false),
        ("service-role/AmazonECSTaskExecutionRolePolicy", "ecr:GetDownloadUrlForLayer", true),
        ("service-role/AmazonECSTaskExecutionRolePolicy", "ecr:PutImage", false),
        ("AmazonElasticContainerRegistryPublicReadOnly", "sts:GetServiceBearerToken", true), ("AdministratorAccess", "iam:CreateUser", true),
        ("PowerUserAccess", "ecr:PutImage", true), ("PowerUserAccess", "iam:CreateUser", false), ("PowerUserAccess", "iam:ListRoles", true),
        ("ReadOnlyAccess", "ecr:DescribeImages", true), ("ReadOnlyAccess", "ecr:PutImage", false), ("IAMFullAccess", "iam:CreateUser", true),
        ("IAMReadOnlyAccess", "iam:GetUser", true), ("IAMReadOnlyAccess", "iam:CreateUser", false),
    ])
    func whatTheyAllow(name: String, action: String, isAllowed: Bool) throws {
        let policy = try #require(AWSManagedPolicies.find("arn:aws:iam::aws:policy/\(name)"))
        var policies = PolicySet()
        policies.identity = [NamedPolicy(name: policy.arn, document: try PolicyDocument(json: policy.document, as: .identity))]
        let account = AccountID.zeros
        let user = RequestPrincipal(kind: .user, account: account, arn: "arn:aws:iam::\(account):user/u", userID: "AIDAEXAMPLEEXAMPLE01")
        let request = EvaluatedRequest(principal: user, action: action, resource: nil, resourceAccount: account, context: ConditionContext())
        #expect(evaluate(request, policies).isAllowed == isAllowed)
    }
}
