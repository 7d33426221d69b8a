import Testing

extension IntegrationTests {
    /// What ECR's settings and limits do to docker's side, each with a real client; what they do to the API is beside it.
    @Suite struct EnforcementTests {
        private static let copy = "skopeo copy --quiet --preserve-digests oci:$IMAGES/layout"

        /// What each mode lets skopeo, the API and deletions do with the tags `dev-1`, which the filter names, and `v1`.
        @Test(arguments: [
            ("MUTABLE", true, true), ("IMMUTABLE", false, false), ("IMMUTABLE_WITH_EXCLUSION", true, false), ("MUTABLE_WITH_EXCLUSION", false, true),
        ])
        func everyModeOfMutabilityHolds(mode: String, devMoves: Bool, releaseMoves: Bool) async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name app")
                for tag in ["dev-1", "v1"] { try await berth.shell("\(Self.copy):tiny docker://$ECR_REGISTRY/app:\(tag)") }
                // Set on a repository that is in use: it holds from the next push on.
                let filters =
                    mode.hasSuffix("_WITH_EXCLUSION") ? "--image-tag-mutability-exclusion-filters filterType=WILDCARD,filter=dev-*" : ""
                try await berth.shell("aws ecr put-image-tag-mutability --repository-name app --image-tag-mutability \(mode) \(filters)")
                let other = try await berth.shell("skopeo inspect --raw oci:$IMAGES/layout:foreign")
                for (tag, moves) in [("dev-1", devMoves), ("v1", releaseMoves)] {
                    let push = "\(Self.copy):foreign docker://$ECR_REGISTRY/app:\(tag)"
                    // The same image again always succeeds.
                    try await berth.shell("\(Self.copy):tiny docker://$ECR_REGISTRY/app:\(tag)")
                    if moves {
                        try await berth.shell(push)
                    } else {
                        let sentence =
                            "The image tag '\(tag)' already exists in the 'app' repository and cannot be overwritten because the tag is immutable."
                        #expect(try await berth.refusal(push).contains(sentence))
                        try await berth.shell("\(Self.copy):foreign docker://$ECR_REGISTRY/app:side-\(tag)")
                        let put = "aws ecr put-image --repository-name app --image-tag \(tag) --image-manifest '\(other)'"
                        #expect(
                            try await berth.refusal(put).contains("(ImageTagAlreadyExistsException) when calling the PutImage operation: \(sentence)")
                        )
                        // As at ECR, who may delete may free a tag, and it is then anybody's.
                        try await berth.shell("aws ecr batch-delete-image --repository-name app --image-ids imageTag=\(tag); \(push)")
                    }
                }
            }
        }

        @Test func aBlobIsMountedUnlessTheAccountSaysNo() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell("for name in one two three; do aws ecr create-repository --repository-name $name; done")
                try await berth.shell("\(Self.copy):tiny docker://$ECR_REGISTRY/one:1")
                func mounts(into name: String) async throws -> String {
                    try await berth.shell("skopeo copy --quiet --preserve-digests docker://$ECR_REGISTRY/one:1 docker://$ECR_REGISTRY/\(name):1")
                    // The log is written every 50 ms.
                    let pushed = "path=/v2/\(name)/manifests/1 .*status=201"
                    try await berth.shell("for turn in {1..200}; do grep -qh '\(pushed)' $MACHINE/berth.log* && break; sleep 0.05; done")
                    let posts = "grep -h 'method=POST' $MACHINE/berth.log $MACHINE/berth.log.errors | grep 'path=/v2/\(name)/blobs/uploads'"
                    return try await berth.shell("\(posts) | grep -o 'status=[0-9]*' | sort -u | tr '\\n' ' '")
                }
                #expect(try await berth.shell("aws ecr get-account-setting --name BLOB_MOUNTING --query value --output text") == "ENABLED")
                #expect(try await mounts(into: "two") == "status=201 status=202 ", "the layer is mounted; skopeo uploads configurations always")
                try await berth.shell("aws ecr put-account-setting --name BLOB_MOUNTING --value DISABLED")
                #expect(try await mounts(into: "three") == "status=202 ")
                try await berth.shell("skopeo copy --quiet docker://$ECR_REGISTRY/three:1 dir:$MACHINE/pulled")
            }
        }

        /// V2 lets the registry policy speak of every action; V1 only of replication and its like.
        @Test func theScopeOfTheRegistryPolicyDecidesOverPulls() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name app; \(Self.copy):tiny docker://$ECR_REGISTRY/app:1")
                let deny = """
                    {"Version": "2012-10-17", "Statement": [{"Sid": "NoPulls", "Effect": "Deny", "Principal": "*", "Action": "ecr:BatchGetImage",
                    "Resource": "arn:aws:ecr:us-east-1:\(Berth.account):repository/app"}]}
                    """
                try await berth.shell("aws ecr put-registry-policy --policy-text '\(deny)'")
                let pull = "skopeo copy --quiet docker://$ECR_REGISTRY/app:1 dir:$MACHINE/pulled"
                let get = "aws ecr batch-get-image --repository-name app --image-ids imageTag=1"
                #expect(try await berth.refusal(pull).contains("denied: "))
                #expect(try await berth.refusal(get).contains("(AccessDeniedException)"))
                try await berth.shell("aws ecr put-account-setting --name REGISTRY_POLICY_SCOPE --value V1")
                try await berth.shell("\(pull) && \(get)")
                try await berth.shell("aws ecr put-account-setting --name REGISTRY_POLICY_SCOPE --value V2")
                #expect(try await berth.refusal(pull).contains("denied: "))
                try await berth.shell("aws ecr delete-registry-policy; \(pull)")
            }
        }

        @Test func thePullsOfAnExcludedUserAreNotRecorded() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell(
                    """
                    aws ecr create-repository --repository-name app; \(Self.copy):tiny docker://$ECR_REGISTRY/app:1
                    aws iam create-user --user-name scanner
                    aws iam attach-user-policy --user-name scanner --policy-arn arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly
                    aws ecr register-pull-time-update-exclusion --principal-arn arn:aws:iam::\(Berth.account):user/scanner
                    """)
                let key = try await berth.shell(
                    "aws iam create-access-key --user-name scanner --query 'AccessKey.[AccessKeyId, SecretAccessKey]' --output text"
                ).split(whereSeparator: \.isWhitespace)
                let asScanner = "export AWS_ACCESS_KEY_ID=\(try #require(key.first)) AWS_SECRET_ACCESS_KEY=\(try #require(key.last))"
                try await berth.shell(
                    """
                    \(asScanner)
                    aws ecr get-login-password | skopeo login --authfile $MACHINE/scanner.json --username AWS --password-stdin $ECR_REGISTRY
                    skopeo copy --authfile $MACHINE/scanner.json --quiet docker://$ECR_REGISTRY/app:1 dir:$MACHINE/scanned
                    aws ecr batch-get-image --repository-name app --image-ids imageTag=1
                    """)
                // A pull that counts, of another image, is written down after those that do not.
                try await berth.shell(
                    """
                    \(Self.copy):foreign docker://$ECR_REGISTRY/app:2; skopeo inspect --override-arch s390x docker://$ECR_REGISTRY/app:2
                    for try in {1..100}; do
                        [ "$(aws ecr describe-images --repository-name app --image-ids imageTag=2 --query 'imageDetails[0].lastRecordedPullTime' --output text)" != None ] && exit 0
                        sleep 0.1
                    done; exit 1
                    """)
                let recorded =
                    "aws ecr describe-images --repository-name app --image-ids imageTag=1 --query 'imageDetails[0].lastRecordedPullTime' --output text"
                #expect(try await berth.shell(recorded) == "None")
                try await berth.shell(
                    """
                    aws ecr deregister-pull-time-update-exclusion --principal-arn arn:aws:iam::\(Berth.account):user/scanner
                    skopeo inspect --authfile $MACHINE/scanner.json docker://$ECR_REGISTRY/app:1
                    for try in {1..100}; do [ "$(\(recorded))" != None ] && exit 0; sleep 0.1; done; exit 1
                    """)
            }
        }

        /// Exactly, within the quarter of a minute in which it is shown.
        @Test func whatIsHeldIsInTheMetrics() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name app; \(Self.copy):tiny docker://$ECR_REGISTRY/app:1")
                let sizes = "skopeo inspect --raw docker://$ECR_REGISTRY/app:1 | jq '[.config.size, .layers[].size] | add'"
                let bytes = try await berth.shell(sizes)
                let place = "account=\"\(Berth.account)\",region=\"us-east-1\""
                for line in [
                    "berth_repository_images{\(place),repository=\"app\"} 1", "berth_repository_bytes{\(place),repository=\"app\"} \(bytes)",
                    "berth_account_images{\(place)} 1", "berth_account_bytes{\(place)} \(bytes)",
                ] {
                    try await berth.shell(
                        "for try in {1..300}; do curl -fsS http://localhost:5000/metrics | grep -qF '\(line)' && exit 0; sleep 0.1; done; curl -fsS http://localhost:5000/metrics | grep berth_ >&2; exit 1"
                    )
                }
            }
        }

        /// What refers to an image that is deleted is gone from docker's side as well, soon.
        @Test func referrersGoWithTheirSubject() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name app; \(Self.copy):tiny docker://$ECR_REGISTRY/app:1")
                let digest = try await berth.shell("skopeo inspect --format '{{.Digest}}' docker://$ECR_REGISTRY/app:1")
                let subject = try await berth.shell("skopeo inspect --raw docker://$ECR_REGISTRY/app:1 | wc -c")
                let manifest = """
                    {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/vnd.example.note",\
                    "config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},\
                    "layers":[],"subject":{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"\(digest)","size":\(subject)}}
                    """
                try await berth.shell(
                    """
                    password=$(aws ecr get-login-password)
                    upload=$(curl -fsS -u AWS:$password -X POST -o /dev/null -D - http://$ECR_REGISTRY/v2/app/blobs/uploads/ | tr -d '\\r' | sed -n 's/^[Ll]ocation: //p')
                    curl -fsS -u AWS:$password -X PUT --data-binary '{}' -H 'Content-Type: application/octet-stream' \\
                        "http://$ECR_REGISTRY$upload?digest=sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
                    curl -fsS -u AWS:$password -X PUT --data-binary '\(manifest)' -H 'Content-Type: application/vnd.oci.image.manifest.v1+json' \\
                        http://$ECR_REGISTRY/v2/app/manifests/note
                    """)
                let referrers = "aws ecr list-image-referrers --repository-name app --subject-id imageDigest=\(digest) --query 'length(referrers)'"
                #expect(try await berth.shell(referrers) == "1")
                try await berth.shell(
                    """
                    aws ecr batch-delete-image --repository-name app --image-ids imageDigest=\(digest)
                    for try in {1..100}; do [ "$(aws ecr list-images --repository-name app --query 'length(imageIds)')" = 0 ] && exit 0; sleep 0.1; done; exit 1
                    """)
                #expect(try await berth.refusal("skopeo inspect --raw docker://$ECR_REGISTRY/app:note").contains("Requested image not found"))
            }
        }
    }
}
