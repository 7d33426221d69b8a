extension AWSManagedPolicies {
    /// The policies of what pulls and builds: task execution, container instances, App Runner, Image Builder.
    static let containerService: [AWSManagedPolicy] = [
        AWSManagedPolicy(
            "AmazonECSTaskExecutionRolePolicy", path: "/service-role/", version: 1, created: 1510858102, updated: 1510858102,
            "Provides access to other AWS service resources that are required to run Amazon ECS tasks",
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
                            "ecr:BatchGetImage",
                            "logs:CreateLogStream",
                            "logs:PutLogEvents"
                        ],
                        "Resource": "*"
                    }
                ]
            }
            """),
        AWSManagedPolicy(
            "AmazonEC2ContainerServiceforEC2Role", path: "/service-role/", version: 10, created: 1426790718, updated: 1770919192,
            "Default policy for the Amazon EC2 Role for Amazon EC2 Container Service.",
            """
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": [
                            "ec2:DescribeTags",
                            "ecs:CreateCluster",
                            "ecs:DeregisterContainerInstance",
                            "ecs:DiscoverPollEndpoint",
                            "ecs:Poll",
                            "ecs:RegisterContainerInstance",
                            "ecs:StartTelemetrySession",
                            "ecs:UpdateContainerInstancesState",
                            "ecs:Submit*",
                            "ecr:GetAuthorizationToken",
                            "ecr:BatchCheckLayerAvailability",
                            "ecr:GetDownloadUrlForLayer",
                            "ecr:BatchGetImage",
                            "logs:CreateLogStream",
                            "logs:PutLogEvents"
                        ],
                        "Resource": "*"
                    },
                    {
                        "Effect": "Allow",
                        "Action": "ecs:TagResource",
                        "Resource": "*",
                        "Condition": {
                            "StringEquals": {
                                "ecs:CreateAction": [
                                    "CreateCluster",
                                    "RegisterContainerInstance"
                                ]
                            }
                        }
                    },
                    {
                        "Effect": "Allow",
                        "Action": [
                            "ecs:ListTagsForResource"
                        ],
                        "Resource": [
                            "arn:aws:ecs:*:*:task/*/*",
                            "arn:aws:ecs:*:*:container-instance/*/*"
                        ]
                    }
                ]
            }
            """),
        AWSManagedPolicy(
            "AWSAppRunnerServicePolicyForECRAccess", path: "/service-role/", version: 1, created: 1621019841, updated: 1621019841,
            "AWS App Runner service policy that grants read access to ECR images.",
            """
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": [
                            "ecr:GetDownloadUrlForLayer",
                            "ecr:BatchGetImage",
                            "ecr:DescribeImages",
                            "ecr:GetAuthorizationToken",
                            "ecr:BatchCheckLayerAvailability"
                        ],
                        "Resource": "*"
                    }
                ]
            }
            """),
        AWSManagedPolicy(
            "EC2InstanceProfileForImageBuilderECRContainerBuilds", version: 1, created: 1607716095, updated: 1607716095,
            "EC2 Instance profile for building container images with EC2 Image Builder.",
            """
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": [
                            "imagebuilder:GetComponent",
                            "imagebuilder:GetContainerRecipe",
                            "ecr:GetAuthorizationToken",
                            "ecr:BatchGetImage",
                            "ecr:InitiateLayerUpload",
                            "ecr:UploadLayerPart",
                            "ecr:CompleteLayerUpload",
                            "ecr:BatchCheckLayerAvailability",
                            "ecr:GetDownloadUrlForLayer",
                            "ecr:PutImage"
                        ],
                        "Resource": "*"
                    },
                    {
                        "Effect": "Allow",
                        "Action": [
                            "kms:Decrypt"
                        ],
                        "Resource": "*",
                        "Condition": {
                            "ForAnyValue:StringEquals": {
                                "aws:CalledVia": [
                                    "imagebuilder.amazonaws.com"
                                ],
                                "kms:EncryptionContextKeys": "aws:imagebuilder:arn"
                            }
                        }
                    },
                    {
                        "Effect": "Allow",
                        "Action": [
                            "s3:GetObject"
                        ],
                        "Resource": "arn:aws:s3:::ec2imagebuilder*"
                    },
                    {
                        "Effect": "Allow",
                        "Action": [
                            "logs:CreateLogStream",
                            "logs:CreateLogGroup",
                            "logs:PutLogEvents"
                        ],
                        "Resource": "arn:aws:logs:*:*:log-group:/aws/imagebuilder/*"
                    }
                ]
            }
            """),
    ]
}
