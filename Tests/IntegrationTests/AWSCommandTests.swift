import Testing

extension IntegrationTests {
    /// The AWS CLI, set up by `berth env` or by AWS's own host names.
    @Suite struct AWSCommandTests {
        @Test(arguments: Transport.allCases)
        func createsListsAndDeletesRepositories(_ transport: Transport) async throws {
            try await Berth.with(transport) { berth in
                #expect(
                    try await berth.shell("aws sts get-caller-identity --query '[Account, Arn]' --output text")
                        == "\(Berth.account)\tarn:aws:iam::\(Berth.account):root")

                let created = try await berth.shell(
                    "aws ecr create-repository --repository-name team/my-app --tags Key=owner,Value=me --query 'repository.[repositoryArn, repositoryUri]' --output text"
                )
                let registry = try await berth.shell("echo $ECR_REGISTRY")
                #expect(created == "arn:aws:ecr:us-east-1:\(Berth.account):repository/team/my-app\t\(registry)/team/my-app")
                let again = try await berth.refusal("aws ecr create-repository --repository-name team/my-app")
                #expect(again.contains("(RepositoryAlreadyExistsException)"))
                #expect(again.contains("The repository with name 'team/my-app' already exists in the registry with id '\(Berth.account)'"))

                try await berth.shell("for name in aa bb cc dd; do aws ecr create-repository --repository-name $name >/dev/null; done")
                let names = try await berth.shell("aws ecr describe-repositories --page-size 2 --query 'repositories[].repositoryName' --output text")
                #expect(names.split(whereSeparator: \.isWhitespace) == ["aa", "bb", "cc", "dd", "team/my-app"])

                let elsewhere = try await berth.shell(
                    "aws ecr describe-repositories --region eu-central-1 --query 'repositories[].repositoryName' --output text")
                #expect(elsewhere.isEmpty, "registries of regions are separate")

                let arn = "arn:aws:ecr:us-east-1:\(Berth.account):repository/team/my-app"
                try await berth.shell("aws ecr tag-resource --resource-arn \(arn) --tags Key=stage,Value=test")
                try await berth.shell("aws ecr untag-resource --resource-arn \(arn) --tag-keys owner")
                #expect(
                    try await berth.shell("aws ecr list-tags-for-resource --resource-arn \(arn) --query 'tags[].[Key, Value]' --output text")
                        == "stage\ttest")

                try await berth.shell("aws ecr delete-repository --repository-name team/my-app")
                let gone = try await berth.refusal("aws ecr describe-repositories --repository-names team/my-app")
                #expect(gone.contains("(RepositoryNotFoundException)"))
            }
        }

        @Test func describesAndRetagsWhatWasPushed() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name app")
                try await berth.shell("skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:1")
                let digest = try await berth.shell("skopeo inspect --format '{{.Digest}}' docker://$ECR_REGISTRY/app:1")
                #expect(
                    digest
                        == (try await berth.shell(
                            "jq -r '.manifests[] | select(.annotations[\"org.opencontainers.image.ref.name\"] == \"tiny\").digest' $IMAGES/layout/index.json"
                        )))

                let described = try await berth.shell(
                    "aws ecr describe-images --repository-name app --query 'imageDetails[].[imageDigest, imageTags[0], imageManifestMediaType]' --output text"
                )
                #expect(described == "\(digest)\t1\tapplication/vnd.oci.image.manifest.v1+json")

                let retagged = try await berth.shell(
                    """
                    manifest=$(aws ecr batch-get-image --repository-name app --image-ids imageTag=1 --query 'images[0].imageManifest' --output text)
                    aws ecr put-image --repository-name app --image-tag 2 --image-manifest "$manifest" --query image.imageId.imageDigest --output text
                    """)
                #expect(retagged == digest)
                #expect(try await berth.shell("skopeo list-tags docker://$ECR_REGISTRY/app | jq -c .Tags") == #"["1","2"]"#)

                let deleted = "aws ecr batch-delete-image --repository-name app --image-ids imageTag=1 imageTag=2 imageTag=none"
                #expect(
                    try await berth.shell(deleted + " --query '[length(imageIds), failures[].failureCode]' --output json | jq -c .")
                        == #"[2,["ImageNotFound"]]"#)
                #expect(try await berth.shell("aws ecr list-images --repository-name app --query 'length(imageIds)'") == "0")
                let absent = try await berth.refusal("skopeo inspect docker://$ECR_REGISTRY/app:1")
                #expect(absent.contains("manifest unknown") || absent.contains("Requested image not found"))
            }
        }

        @Test func keepsImmutableTags() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name fixed --image-tag-mutability IMMUTABLE")
                try await berth.shell("skopeo copy --quiet oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/fixed:1")
                let refusal = try await berth.refusal("skopeo copy --quiet oci:$IMAGES/layout:foreign docker://$ECR_REGISTRY/fixed:1")
                let text = "The image tag '1' already exists in the 'fixed' repository and cannot be overwritten because the tag is immutable."
                #expect(refusal.contains(text))

                try await berth.shell("aws ecr put-image-tag-mutability --repository-name fixed --image-tag-mutability MUTABLE")
                try await berth.shell("skopeo copy --quiet oci:$IMAGES/layout:foreign docker://$ECR_REGISTRY/fixed:1")
            }
        }
    }
}
