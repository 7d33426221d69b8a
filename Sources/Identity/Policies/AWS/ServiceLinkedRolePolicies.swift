extension AWSManagedPolicies {
    /// The policies of the roles that ECR itself acts as.
    static let serviceLinkedRole: [AWSManagedPolicy] = [
        AWSManagedPolicy(
            "AWSECRPullThroughCache_ServiceRolePolicy", path: "/aws-service-role/", version: 4, created: 1637963469, updated: 1778609528,
            "Enables access to AWS services and resources used or managed by the ECR pull through cache.",
            """
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "ECR",
                        "Effect": "Allow",
                        "Action": [
                            "ecr:GetAuthorizationToken",
                            "ecr:BatchCheckLayerAvailability",
                            "ecr:InitiateLayerUpload",
                            "ecr:UploadLayerPart",
                            "ecr:CompleteLayerUpload",
                            "ecr:PutImage",
                            "ecr:BatchGetImage",
                            "ecr:BatchImportUpstreamImage",
                            "ecr:GetDownloadUrlForLayer",
                            "ecr:GetImageCopyStatus"
                        ],
                        "Resource": "*",
                        "Condition": {
                            "StringEquals": {
                                "aws:ResourceAccount": "${aws:PrincipalAccount}"
                            }
                        }
                    },
                    {
                        "Sid": "SecretsManager",
                        "Effect": "Allow",
                        "Action": [
                            "secretsmanager:GetSecretValue"
                        ],
                        "Resource": "arn:aws:secretsmanager:*:*:secret:ecr-pullthroughcache/*",
                        "Condition": {
                            "StringEquals": {
                                "aws:ResourceAccount": "${aws:PrincipalAccount}"
                            }
                        }
                    }
                ]
            }
            """),
        AWSManagedPolicy(
            "ECRReplicationServiceRolePolicy", path: "/aws-service-role/", version: 1, created: 1607119888, updated: 1607119888,
            "Enables access to AWS services and resources used or managed by ECR replication.",
            """
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": [
                            "ecr:CreateRepository",
                            "ecr:ReplicateImage"
                        ],
                        "Resource": "*"
                    }
                ]
            }
            """),
        AWSManagedPolicy(
            "ECRTemplateServiceRolePolicy", path: "/aws-service-role/", version: 1, created: 1718838697, updated: 1718838697,
            "Enables ECR to create repositories with repository creation templates.",
            """
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "CreateRepositoryWithTemplate",
                        "Effect": "Allow",
                        "Action": [
                            "ecr:CreateRepository"
                        ],
                        "Resource": "*"
                    }
                ]
            }
            """),
    ]
}
