import Testing

extension IntegrationTests {
    /// Each limit that bears on pushes, set small, as skopeo meets it and as the API tells of it.
    @Suite struct LimitTests {
        /// What one limit does to clients.
        struct Limit: Sendable, CustomTestStringConvertible {
            let setting: String
            /// What goes well.
            var before = "true"
            /// What skopeo is refused, and with which words.
            let docker: String
            let sentence: String
            /// What the API is refused, and its error.
            let api: String
            let error: String

            var testDescription: String { setting }
        }

        private static func push(_ image: String, _ place: String) -> String {
            "skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:\(image) docker://$ECR_REGISTRY/\(place)"
        }

        /// A manifest that is already in the repository `app`, put under another tag, or with other bytes.
        private static let put =
            "aws ecr put-image --repository-name app --image-manifest \"$(skopeo inspect --raw oci:$IMAGES/layout:foreign)\" --image-tag"

        private static let part = """
            upload=$(aws ecr initiate-layer-upload --repository-name app --query uploadId --output text); head -c 3000 /dev/zero >layer; \
            aws ecr upload-layer-part --repository-name app --upload-id $upload --part-first-byte 0 --part-last-byte 2999 --layer-part-blob fileb://layer
            """

        static let all = [
            Limit(
                setting: "layer-bytes=2000", docker: push("tiny", "app:1"), sentence: "A blob may have at most 2000 bytes", api: part,
                error: "(LimitExceededException) when calling the UploadLayerPart operation: The layer would be larger than 2000 bytes"),
            Limit(
                setting: "manifest-bytes=100", docker: push("tiny", "app:1"), sentence: "100", api: "\(put) 1",
                error: "(InvalidParameterException)"),
            Limit(
                setting: "images-per-repository=1", before: push("tiny", "app:1"), docker: push("foreign", "app:2"),
                sentence: "denied: The repository has 1 images", api: "\(put) 2",
                error: "(LimitExceededException) when calling the PutImage operation: The repository holds 1 images"),
            Limit(
                setting: "tags-per-image=2", before: "\(push("foreign", "app:1")); \(push("foreign", "app:2"))", docker: push("foreign", "app:3"),
                sentence: "more than 2 tags", api: "\(put) 3",
                error: "(LimitExceededException) when calling the PutImage operation: The image would have more than 2 tags"),
            Limit(
                setting: "repositories=1", before: "aws ecr create-repository-creation-template --prefix ROOT --applied-for CREATE_ON_PUSH",
                docker: push("tiny", "other:1"), sentence: "denied: The registry has 1 repositories",
                api: "aws ecr create-repository --repository-name more",
                error: "(LimitExceededException) when calling the CreateRepository operation: The registry holds 1 repositories"),
            Limit(
                setting: "bytes-per-repository=3000000", before: push("tiny", "app:1"), docker: push("large", "app:2"),
                sentence: "3000000 bytes", api: put.replacing("foreign", with: "large") + " 2", error: "(LimitExceededException)"),
            Limit(
                setting: "bytes-per-account=3000000", before: push("tiny", "app:1"), docker: push("large", "app:2"),
                sentence: "3000000 bytes", api: put.replacing("foreign", with: "large") + " 2", error: "(LimitExceededException)"),
            Limit(
                setting: "images-per-account=1", before: push("tiny", "app:1"), docker: push("foreign", "app:2"), sentence: "1 images",
                api: "\(put) 2", error: "(LimitExceededException)"),
        ]

        @Test(arguments: all) func isEnforcedOnBothSides(limit: Limit) async throws {
            try await Berth.with(options: "--limit \(limit.setting)") { berth in
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name app; \(limit.before)")
                if limit.docker.contains("large") { try await makeLargeImage(berth) }
                let refusal = try await berth.refusal(limit.docker)
                #expect(refusal.contains(limit.sentence), "\(refusal)")
                let error = try await berth.refusal(limit.api)
                #expect(error.contains(limit.error), "\(error)")
            }
        }

        /// The limits of which docker's side has no use.
        @Test func theAPIHoldsItsOwn() async throws {
            let limits = [
                "layer-part-bytes=2000", "smallest-layer-part-bytes=1000", "resource-tags=1", "creation-templates=1", "pull-time-exclusions=1",
                "lifecycle-policy-rules=1", "lifecycle-policy-characters=200", "public-repositories=1", "public-layer-bytes=2000",
            ]
            try await Berth.with(options: limits.map { "--limit \($0)" }.joined(separator: " ")) { berth in
                try await berth.shell("aws ecr create-repository --repository-name app; export AWS_REGION=us-east-1")
                func refused(_ command: String, _ error: String) async throws {
                    let refusal = try await berth.refusal(command)
                    #expect(refusal.contains(error), "\(command): \(refusal)")
                }
                try await refused(Self.part, "(InvalidLayerPartException)")
                try await refused(
                    "aws ecr create-repository --repository-name tagged --tags Key=a,Value=1 Key=b,Value=2", "(TooManyTagsException)")
                let template = "aws ecr create-repository-creation-template --applied-for CREATE_ON_PUSH --prefix"
                try await berth.shell("\(template) one")
                try await refused("\(template) two", "(LimitExceededException)")
                let exclude = "aws ecr register-pull-time-update-exclusion --principal-arn arn:aws:iam::\(Berth.account):user"
                try await berth.shell("\(exclude)/one")
                try await refused("\(exclude)/two", "(LimitExceededException)")
                let rule =
                    #"{"rulePriority":#,"selection":{"tagStatus":"tagged","tagPrefixList":["v#"],"countType":"imageCountMoreThan","countNumber":9},"action":{"type":"expire"}}"#
                let rules = (1...2).map { rule.replacing("#", with: String($0)) }
                let put = "aws ecr put-lifecycle-policy --repository-name app --lifecycle-policy-text"
                try await berth.shell("\(put) '{\"rules\":[\(rules[0])]}'")
                try await refused("\(put) '{\"rules\":[\(rules.joined(separator: ","))]}'", "is too long (length:")
                let create = "aws ecr-public create-repository --region us-east-1 --repository-name"
                try await berth.shell("\(create) one")
                try await refused("\(create) two", "(LimitExceededException)")
                try await refused(
                    Self.part.replacing("aws ecr ", with: "aws ecr-public --region us-east-1 ").replacing("name app", with: "name one"),
                    "(InvalidLayerPartException)")
            }
        }

        /// skopeo waits as it is told to, and gets through; each push costs a token of the bucket.
        @Test func aClientThatIsThrottledComesThroughLater() async throws {
            try await Berth.with(options: "--rate PutImage=1") { berth in
                try await berth.login()
                try await berth.shell(
                    """
                    aws ecr create-repository --repository-name app
                    for tag in 1 2 3 4; do \(Self.push("tiny", "app:$tag")) --retry-times 9; done
                    """)
                #expect(try await berth.shell("aws ecr list-images --repository-name app --query 'length(imageIds)'") == "4")
                let refused = "cat $MACHINE/berth.log $MACHINE/berth.log.errors | grep 'method=PUT' | grep -c 'status=429'"
                #expect(Int(try await berth.shell(refused)).map { $0 > 0 } == true)
            }
        }

        /// An image of its own with a layer of 2 MiB, in the layout under `large`.
        private func makeLargeImage(_ berth: Berth) async throws {
            try await berth.shell(
                """
                container=$(buildah from scratch); head -c 2M /dev/urandom >$MACHINE/noise
                buildah copy --quiet $container $MACHINE/noise /; cp -r $IMAGES/layout $MACHINE/layout
                buildah commit --quiet --format oci $container oci:$MACHINE/layout:large
                mount --bind $MACHINE/layout $IMAGES/layout
                """)
        }
    }
}
