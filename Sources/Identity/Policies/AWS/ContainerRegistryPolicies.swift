extension AWSManagedPolicies {
    /// The policies of ECR, private and public.
    static let containerRegistry: [AWSManagedPolicy] = [
        AWSManagedPolicy(
            "AmazonEC2ContainerRegistryPullOnly", version: 1, created: 1728061129, updated: 1728061129,
            "Provides access to pull images from Amazon EC2 Container Registry repositories.",
            """
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": [
                            "ecr:GetAuthorizationToken",
                            "ecr:BatchGetImage",
                            "ecr:GetDownloadUrlForLayer",
                            "ecr:BatchImportUpstreamImage"
                        ],
                        "Resource": "*"
                    }
                ]
            }
            """),
        AWSManagedPolicy(
            "AmazonEC2ContainerRegistryReadOnly", version: 3, created: 1450717455, updated: 1576011392,
            "Provides read-only access to Amazon EC2 Container Registry repositories.",
            """
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": [
                            "ecr:GetAuthorizationToken",
                            "ecr:BatchCheckLayerAvailability",
                            "ecr:GetDownloadUrlForLayer",
                            "ecr:GetRepositoryPolicy",
                            "ecr:DescribeRepositories",
                            "ecr:ListImages",
                            "ecr:DescribeImages",
                            "ecr:BatchGetImage",
                            "ecr:GetLifecyclePolicy",
                            "ecr:GetLifecyclePolicyPreview",
                            "ecr:ListTagsForResource",
                            "ecr:DescribeImageScanFindings"
                        ],
                        "Resource": "*"
                    }
                ]
            }
            """),
        AWSManagedPolicy(
            "AmazonEC2ContainerRegistryPowerUser", version: 3, created: 1450717533, updated: 1576010888,
            "Provides full access to Amazon EC2 Container Registry repositories, but does not allow repository deletion or policy changes.",
            """
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": [
                            "ecr:GetAuthorizationToken",
                            "ecr:BatchCheckLayerAvailability",
                            "ecr:GetDownloadUrlForLayer",
                            "ecr:GetRepositoryPolicy",
                            "ecr:DescribeRepositories",
                            "ecr:ListImages",
                            "ecr:DescribeImages",
                            "ecr:BatchGetImage",
                            "ecr:GetLifecyclePolicy",
                            "ecr:GetLifecyclePolicyPreview",
                            "ecr:ListTagsForResource",
                            "ecr:DescribeImageScanFindings",
                            "ecr:InitiateLayerUpload",
                            "ecr:UploadLayerPart",
                            "ecr:CompleteLayerUpload",
                            "ecr:PutImage"
                        ],
                        "Resource": "*"
                    }
                ]
            }
            """),
        AWSManagedPolicy(
            "AmazonEC2ContainerRegistryFullAccess", version: 3, created: 1450717608, updated: 1607126659,
            "Provides administrative access to Amazon ECR resources",
            """
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": [
                            "ecr:*",
                            "cloudtrail:LookupEvents"
                        ],
                        "Resource": "*"
                    },
                    {
                        "Effect": "Allow",
                        "Action": [
                            "iam:CreateServiceLinkedRole"
                        ],
                        "Resource": "*",
                        "Condition": {
                            "StringEquals": {
                                "iam:AWSServiceName": [
                                    "replication.ecr.amazonaws.com"
                                ]
                            }
                        }
                    }
                ]
            }
            """),
        AWSManagedPolicy(
            "AmazonElasticContainerRegistryPublicReadOnly", version: 1, created: 1606843624, updated: 1606843624,
            "Provides read-only access to Amazon ECR Public repositories.",
            """
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": [
                            "ecr-public:GetAuthorizationToken",
                            "sts:GetServiceBearerToken",
                            "ecr-public:BatchCheckLayerAvailability",
                            "ecr-public:GetRepositoryPolicy",
                            "ecr-public:DescribeRepositories",
                            "ecr-public:DescribeRegistries",
                            "ecr-public:DescribeImages",
                            "ecr-public:DescribeImageTags",
                            "ecr-public:GetRepositoryCatalogData",
                            "ecr-public:GetRegistryCatalogData"
                        ],
                        "Resource": "*"
                    }
                ]
            }
            """),
        AWSManagedPolicy(
            "AmazonElasticContainerRegistryPublicPowerUser", version: 1, created: 1606839414, updated: 1606839414,
            "Provides full access to Amazon ECR Public repositories, but does not allow repository deletion or policy changes.",
            """
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": [
                            "ecr-public:GetAuthorizationToken",
                            "sts:GetServiceBearerToken",
                            "ecr-public:BatchCheckLayerAvailability",
                            "ecr-public:GetRepositoryPolicy",
                            "ecr-public:DescribeRepositories",
                            "ecr-public:DescribeRegistries",
                            "ecr-public:DescribeImages",
                            "ecr-public:DescribeImageTags",
                            "ecr-public:GetRepositoryCatalogData",
                            "ecr-public:GetRegistryCatalogData",
                            "ecr-public:InitiateLayerUpload",
                            "ecr-public:UploadLayerPart",
                            "ecr-public:CompleteLayerUpload",
                            "ecr-public:PutImage"
                        ],
                        "Resource": "*"
                    }
                ]
            }
            """),
        AWSManagedPolicy(
            "AmazonElasticContainerRegistryPublicFullAccess", version: 1, created: 1606843552, updated: 1606843552,
            "Provides administrative access to Amazon ECR Public resources",
            """
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": [
                            "ecr-public:*",
                            "sts:GetServiceBearerToken"
                        ],
                        "Resource": "*"
                    }
                ]
            }
            """),
    ]
}
