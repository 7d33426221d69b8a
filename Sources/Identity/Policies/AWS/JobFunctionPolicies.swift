extension AWSManagedPolicies {
    /// The policies of administrators and readers. ReadOnlyAccess names the actions of the services that Berth has, of the thousands that
    /// AWS's own names.
    static let jobFunction: [AWSManagedPolicy] = [
        AWSManagedPolicy(
            "AdministratorAccess", version: 1, created: 1423247986, updated: 1423247986,
            "Provides full access to AWS services and resources.",
            """
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": "*",
                        "Resource": "*"
                    }
                ]
            }
            """),
        AWSManagedPolicy(
            "PowerUserAccess", version: 12, created: 1423247987, updated: 1770919154,
            "Provides full access to AWS services and resources, but does not allow management of Users and groups.",
            """
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "NotAction": [
                            "iam:*",
                            "organizations:*",
                            "account:*"
                        ],
                        "Resource": "*"
                    },
                    {
                        "Effect": "Allow",
                        "Action": [
                            "account:GetAccountInformation",
                            "account:GetGovCloudAccountInformation",
                            "account:GetPrimaryEmail",
                            "account:ListRegions",
                            "iam:CreateServiceLinkedRole",
                            "iam:DeleteServiceLinkedRole",
                            "iam:ListRoles",
                            "organizations:DescribeEffectivePolicy",
                            "organizations:DescribeOrganization"
                        ],
                        "Resource": "*"
                    }
                ]
            }
            """),
        AWSManagedPolicy(
            "ReadOnlyAccess", version: 190, created: 1423247988, updated: 1790271428,
            "Provides read-only access to AWS services and resources.",
            """
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "ReadOnlyActions",
                        "Effect": "Allow",
                        "Action": [
                            "ecr-public:BatchCheckLayerAvailability",
                            "ecr-public:DescribeImageTags",
                            "ecr-public:DescribeImages",
                            "ecr-public:DescribeRegistries",
                            "ecr-public:DescribeRepositories",
                            "ecr-public:GetAuthorizationToken",
                            "ecr-public:GetRegistryCatalogData",
                            "ecr-public:GetRepositoryCatalogData",
                            "ecr-public:GetRepositoryPolicy",
                            "ecr-public:ListTagsForResource",
                            "ecr:BatchCheck*",
                            "ecr:BatchGet*",
                            "ecr:Describe*",
                            "ecr:Get*",
                            "ecr:List*",
                            "iam:Generate*",
                            "iam:Get*",
                            "iam:List*",
                            "iam:Simulate*",
                            "inspector2:BatchGetAccountStatus",
                            "inspector2:BatchGetCodeSnippet",
                            "inspector2:BatchGetFreeTrialInfo",
                            "inspector2:BatchGetMemberEc2DeepInspectionStatus",
                            "inspector2:DescribeOrganizationConfiguration",
                            "inspector2:GetCisScanReport",
                            "inspector2:GetConfiguration",
                            "inspector2:GetDelegatedAdminAccount",
                            "inspector2:GetEc2DeepInspectionConfiguration",
                            "inspector2:GetEncryptionKey",
                            "inspector2:GetFindingsReportStatus",
                            "inspector2:GetMember",
                            "inspector2:GetSbomExport",
                            "inspector2:ListAccountPermissions",
                            "inspector2:ListCisScanConfigurations",
                            "inspector2:ListCisScans",
                            "inspector2:ListConnectors",
                            "inspector2:ListCoverage",
                            "inspector2:ListCoverageStatistics",
                            "inspector2:ListDelegatedAdminAccounts",
                            "inspector2:ListFilters",
                            "inspector2:ListFindingAggregations",
                            "inspector2:ListFindings",
                            "inspector2:ListMembers",
                            "inspector2:ListTagsForResource",
                            "inspector2:ListUsageTotals",
                            "inspector2:SearchVulnerabilities",
                            "kms:Describe*",
                            "kms:Get*",
                            "kms:List*",
                            "sts:GetAccessKeyInfo",
                            "sts:GetCallerIdentity",
                            "sts:GetSessionToken"
                        ],
                        "Resource": "*"
                    }
                ]
            }
            """),
        AWSManagedPolicy(
            "IAMFullAccess", version: 2, created: 1423248038, updated: 1561146000,
            "Provides full access to IAM via the AWS Management Console.",
            """
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": [
                            "iam:*",
                            "organizations:DescribeAccount",
                            "organizations:DescribeOrganization",
                            "organizations:DescribeOrganizationalUnit",
                            "organizations:DescribePolicy",
                            "organizations:ListChildren",
                            "organizations:ListParents",
                            "organizations:ListPoliciesForTarget",
                            "organizations:ListRoots",
                            "organizations:ListPolicies",
                            "organizations:ListTargetsForPolicy"
                        ],
                        "Resource": "*"
                    }
                ]
            }
            """),
        AWSManagedPolicy(
            "IAMReadOnlyAccess", version: 4, created: 1423248039, updated: 1516907487,
            "Provides read only access to IAM via the AWS Management Console.",
            """
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": [
                            "iam:GenerateCredentialReport",
                            "iam:GenerateServiceLastAccessedDetails",
                            "iam:Get*",
                            "iam:List*",
                            "iam:SimulateCustomPolicy",
                            "iam:SimulatePrincipalPolicy"
                        ],
                        "Resource": "*"
                    }
                ]
            }
            """),
    ]
}
