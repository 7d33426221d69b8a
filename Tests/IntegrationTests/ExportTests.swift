import Testing

extension IntegrationTests {
    /// `berth export` and `berth import`: a repository as an OCI image layout.
    @Suite struct ExportTests {
        /// Everything that a client can ask of a repository, but for times and its registry's id.
        private static let description = """
            aws ecr describe-repositories --repository-names $NAME --query 'repositories[].[repositoryName,imageTagMutability]'
            aws ecr list-tags-for-resource --resource-arn arn:aws:ecr:us-east-1:123456789012:repository/$NAME
            aws ecr get-repository-policy --repository-name $NAME --query policyText
            aws ecr get-lifecycle-policy --repository-name $NAME --query lifecyclePolicyText
            for status in ACTIVE ARCHIVED; do
                aws ecr describe-images --repository-name $NAME --filter imageStatus=$status --query \
                    'sort_by(imageDetails, &imageDigest)[].[imageDigest,imageTags,imageSizeInBytes,imageManifestMediaType,artifactMediaType,imageStatus,subjectManifestDigest]'
            done
            """

        @Test func aRepositoryGoesToAnotherRegistryWithAllThatBelongsToIt() async throws {
            try await Berth.with { berth in
                try await fill(berth)
                let out = try await berth.shell("$BERTH export --data $MACHINE/data team/app $MACHINE/out")
                #expect(out.hasPrefix("4 images: ") && out.contains("0 were there"), "\(out)")
                let expected = try await berth.shell("NAME=team/app; \(Self.description)")
                #expect(expected.contains("ARCHIVED") && expected.contains("expire") && expected.contains("AllowPull"))

                // What skopeo reads is what was pushed.
                try await berth.shell(
                    """
                    for tag in v1 also; do
                        skopeo copy --quiet --preserve-digests oci:$MACHINE/out:$tag dir:$MACHINE/$tag
                        skopeo inspect --raw oci:$IMAGES/layout:tiny | cmp - $MACHINE/$tag/manifest.json
                    done
                    skopeo copy --quiet --all --preserve-digests oci:$MACHINE/out:all dir:$MACHINE/all
                    cd $MACHINE/out/blobs/sha256 && sha256sum * | awk '$1 != $2 { exit 1 }'
                    """)
                #expect(try await berth.shell("stat -c %a $MACHINE/out/blobs/sha256/* | sort -u") == "600")

                // What is there is left alone; what is gone comes again.
                try await berth.shell("rm $(find $MACHINE/out/blobs -type f -size +1k | head -1)")
                let again = try await berth.shell("$BERTH export --data $MACHINE/data team/app $MACHINE/out")
                #expect(again.hasPrefix("4 images: 1 files of "), "\(again)")

                let other = try await berth.machine.daemon(
                    "other", "exec $BERTH serve --data $MACHINE/other --account 123456789012 --listen localhost:5001",
                    until: "curl -fsS http://localhost:5001/readyz")
                let bring = "$BERTH import --data $MACHINE/other $MACHINE/out"
                #expect(try await berth.refusal(bring).contains("names arn:aws:iam::123456789012:user/reader, which is not here"))
                let there = "eval \"$($BERTH env --data $MACHINE/other)\""
                try await berth.shell("\(there); aws iam create-user --user-name reader >/dev/null")
                #expect(try await berth.shell(bring) == "4 images came into 123456789012/us-east-1/team/app, 0 were there.")
                #expect(try await berth.shell("\(there); NAME=team/app; \(Self.description)") == expected)
                let repeated = try await berth.shell(bring)
                #expect(repeated.hasPrefix("0 images came into 123456789012/us-east-1/team/app, 4 were there. It was there"), "\(repeated)")

                try await berth.shell("\(there); aws ecr delete-lifecycle-policy --repository-name team/app >/dev/null")
                try await berth.shell(
                    "\(there); aws ecr put-image-tag-mutability --repository-name team/app --image-tag-mutability MUTABLE >/dev/null")
                try await berth.shell("\(bring) --settings")
                #expect(try await berth.shell("\(there); NAME=team/app; \(Self.description)") == expected)

                _ = try await other.stop()
                #expect(try await berth.shell("$BERTH fsck --data $MACHINE/other --read-data --json 2>/dev/null | jq .clean") == "true")
                // And with no server running.
                try await berth.shell("$BERTH import --data $MACHINE/other --repository copies/of-tools $IMAGES/layout")
                #expect(try await berth.shell("$BERTH fsck --data $MACHINE/other --read-data --json 2>/dev/null | jq .clean") == "true")
            }
        }

        @Test func severalRepositoriesAndPublicOnesGoByOneCommand() async throws {
            try await Berth.with(options: "--public-listen localhost:5001") { berth in
                try await berth.login()
                try await berth.shell(
                    """
                    for name in team/app team/app/blobs other; do
                        aws ecr create-repository --repository-name $name >/dev/null
                        skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/$name:v1
                    done
                    uri=$(aws ecr-public create-repository --region us-east-1 --repository-name team/app --catalog-data \
                        'description=An app,architectures=x86-64,aboutText=# About' --tags Key=team,Value=blue --query repository.repositoryUri --output text)
                    aws ecr-public set-repository-policy --region us-east-1 --repository-name team/app --policy-text '{"Version": "2012-10-17",
                        "Statement": [{"Sid": "AllowPush", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                        "Action": "ecr-public:PutImage"}]}' >/dev/null
                    aws ecr-public get-login-password --region us-east-1 | skopeo login -u AWS --password-stdin localhost:5001
                    skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$uri:v1
                    """)
                let export = "$BERTH export --data $MACHINE/data"
                let team = try await berth.shell("\(export) 'team/*' $MACHINE/team")
                #expect(
                    team.split(separator: "\n").count == 2 && team.contains("The layout is in") && team.contains("/team/team+app+blobs."), "\(team)")
                try await berth.shell("\(export) '*' $MACHINE/all; \(export) --public '*' $MACHINE/public")
                #expect(
                    try await berth.shell("cd $MACHINE; ls -d */*+* all/other")
                        == "all/other\nall/team+app\nall/team+app+blobs\npublic/team+app\nteam/team+app\nteam/team+app+blobs")
                #expect(
                    try await berth.refusal("\(export) 'none/*' $MACHINE/none").contains("No repository of 123456789012/us-east-1 is called none/*"))
                #expect(try await berth.refusal("\(export) '*' $MACHINE/all/other").contains("is the layout of one repository"))

                let other = try await berth.machine.daemon(
                    "other", "exec $BERTH serve --data $MACHINE/other --account 123456789012 --listen localhost:5002",
                    until: "curl -fsS http://localhost:5002/readyz")
                let bring = "$BERTH import --data $MACHINE/other"
                #expect(try await berth.refusal("\(bring) --repository x $MACHINE/all").contains("holds 3 layouts"))
                let brought = try await berth.shell("\(bring) $MACHINE/all")
                #expect(
                    brought
                        == ["other", "team/app", "team/app/blobs"].map { "1 images came into 123456789012/us-east-1/\($0), 0 were there." }.joined(
                            separator: "\n"))
                #expect(try await berth.shell("\(bring) $MACHINE/public") == "1 images came into 123456789012/public/team/app, 0 were there.")
                let description = """
                    aws ecr-public describe-repositories --region us-east-1 --query 'repositories[].repositoryName'
                    aws ecr-public get-repository-catalog-data --region us-east-1 --repository-name team/app
                    aws ecr-public get-repository-policy --region us-east-1 --repository-name team/app --query policyText
                    aws ecr-public list-tags-for-resource --region us-east-1 \
                        --resource-arn arn:aws:ecr-public::123456789012:repository/team/app
                    aws ecr-public describe-image-tags --region us-east-1 --repository-name team/app --query \
                        'imageTagDetails[].[imageTag,imageDetail.imageDigest]'
                    """
                let expected = try await berth.shell(description)
                #expect(
                    expected.contains("An app") && expected.contains("AllowPush") && expected.contains("blue") && expected.contains("v1"),
                    "\(expected)")
                #expect(try await berth.shell("eval \"$($BERTH env --data $MACHINE/other)\"; \(description)") == expected)
                // What was public can be private, and the reverse.
                try await berth.shell("\(bring) --no-public --repository formerly-public $MACHINE/public/team+app")
                try await berth.shell("\(bring) --public --repository formerly-private $MACHINE/all/other")
                _ = try await other.stop()
                #expect(try await berth.shell("$BERTH fsck --data $MACHINE/other --read-data --json 2>/dev/null | jq .clean") == "true")
            }
        }

        @Test func whatIsWrongIsSaid() async throws {
            try await Berth.with(options: "--verify-reads never --scrub-rate 0") { berth in
                try await berth.login()
                try await berth.shell(
                    """
                    aws ecr create-repository --repository-name app
                    skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:v1
                    python3 $CLIENTS/attach-artifact.py app v1 plain
                    skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:foreign docker://$ECR_REGISTRY/app:v2
                    $BERTH export --data $MACHINE/data app $MACHINE/out
                    """)
                let export = "$BERTH export --data $MACHINE/data"
                #expect(try await berth.refusal("\(export) none $MACHINE/none").contains("There is no repository none in the registry"))
                #expect(try await berth.refusal("\(export) app /etc").contains("neither empty nor an image layout"))
                try await berth.shell("aws ecr create-repository --repository-name another")
                #expect(try await berth.refusal("\(export) another $MACHINE/out").contains("holds the repository app"))
                #expect(
                    try await berth.refusal("$BERTH import --data $MACHINE/data $IMAGES/layout").contains("name the repository with --repository"))
                #expect(try await berth.refusal("$BERTH import --data $MACHINE/data $MACHINE/data").contains("is no image layout, and holds none"))

                // A layout with a layer that a bad disk has changed.
                try await berth.shell(
                    "printf damage | dd of=$(find $MACHINE/out/blobs -type f -size +1k | head -1) bs=1 seek=500 conv=notrunc status=none")
                let refused = try await berth.refusal("$BERTH import --data $MACHINE/data --repository fresh $MACHINE/out")
                #expect(refused.contains("has in fact the digest") || refused.contains("is not the manifest that its name says"), "\(refused)")

                // A registry with such a layer, which both images have: the artifact is exported, and the command fails.
                try await berth.shell(
                    "printf damage | dd of=$(find $MACHINE/data/blobs -type f -printf '%s %p\\n' | sort -n | tail -1 | cut -d' ' -f2) bs=1 conv=notrunc status=none"
                )
                let damaged = try await berth.refusal("\(export) app $MACHINE/second")
                #expect(damaged.contains("Left out:") && damaged.contains("it is not there"), "\(damaged)")
                #expect(try await berth.shell("jq '.manifests | length' $MACHINE/second/index.json") == "1")
                #expect(try await berth.shell("ls -A $MACHINE/second | tr '\\n' ' '") == "berth-repository.json blobs index.json oci-layout ")
            }
        }

        /// Two images, one with two tags and one without, an index of both, and an artifact in the archive.
        private func fill(_ berth: Berth) async throws {
            try await berth.login()
            try await berth.shell(
                """
                aws ecr create-repository --repository-name team/app --image-tag-mutability IMMUTABLE --tags Key=team,Value=blue >/dev/null
                aws iam create-user --user-name reader >/dev/null
                aws ecr set-repository-policy --repository-name team/app --policy-text '{"Version": "2012-10-17", "Statement": [{"Sid": "AllowPull",
                    "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:user/reader"}, "Action": "ecr:BatchGetImage"}]}' >/dev/null
                aws ecr put-lifecycle-policy --repository-name team/app --lifecycle-policy-text '{"rules": [{"rulePriority": 1, "selection":
                    {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 999},
                    "action": {"type": "expire"}}]}' >/dev/null
                skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/team/app:v1
                python3 $CLIENTS/attach-artifact.py team/app v1 plain
                skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/team/app:also
                for image in tiny foreign; do skopeo inspect --raw oci:$IMAGES/layout:$image >$image.json; done
                skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:foreign \
                    docker://$ECR_REGISTRY/team/app@sha256:$(sha256sum foreign.json | cut -d' ' -f1)
                member() {
                    printf '{"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "sha256:%s", "size": %s}' \
                        $(sha256sum $1 | cut -d' ' -f1) $(stat -c %s $1)
                }
                printf '{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [%s, %s]}' \
                    "$(member tiny.json)" "$(member foreign.json)" >index.json
                aws ecr put-image --repository-name team/app --image-manifest file://index.json --image-tag all >/dev/null
                aws ecr update-image-storage-class --repository-name team/app --image-id imageTag=sbom --target-storage-class ARCHIVE >/dev/null
                python3 -c "import os, sqlite3; sqlite3.connect(os.environ['MACHINE'] + '/data/berth.sqlite', timeout=10).executescript(
                    'UPDATE repo_blobs SET lease_until = 0; UPDATE archive_queue SET due_at = 0')"
                for turn in $(seq 300); do [ -n "$(find $MACHINE/data/archive/blobs -type f)" ] && break; sleep 0.1; done
                """)
        }
    }
}
