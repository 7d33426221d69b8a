import Testing

extension IntegrationTests {
    /// A data folder on a device of 48 MiB.
    @Suite struct FullDiskTests {
        @Test func pushesAreRefusedReadsGoOnAndAllIsWellWhenThereIsRoomAgain() async throws {
            try await Berth.with(on: "mkdir -p $MACHINE/data && mount -t tmpfs -o size=48m tmpfs $MACHINE/data") { berth in
                try await berth.login()
                try await berth.shell("for name in app other; do aws ecr create-repository --repository-name $name >/dev/null; done")
                try await berth.shell("skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:1")
                try await berth.shell("printf 'user = \"AWS:%s\"\\n' $(aws ecr get-login-password) >.curlrc; head -c 60M /dev/urandom >large")
                let push = """
                    location=$(curl -sS -X POST -o /dev/null -w '%header{location}' http://$ECR_REGISTRY/v2/app/blobs/uploads/)
                    curl -sS -X PATCH -H 'Content-Type: application/octet-stream' -H 'Expect:' -T large -w ' %{http_code}' http://$ECR_REGISTRY$location
                    """
                let refused = try await berth.shell(push)
                #expect(refused.contains("The registry's storage is full. Nothing was changed.") && refused.hasSuffix(" 507"), "\(refused)")

                // Now to the last byte, so that the database has no room either.
                try await berth.shell("head -c 60M /dev/zero >$MACHINE/data/ballast 2>/dev/null || true")
                let json = try await berth.refusal("for try in {1..200}; do aws ecr create-repository --repository-name full-$try >/dev/null; done")
                #expect(json.contains("The storage of the registry is full. Nothing was changed."), "\(json)")
                #expect(try await berth.shell("curl -sS -w ' %{http_code}' http://$ECR_REGISTRY/readyz").hasSuffix("200"))
                try await berth.shell("skopeo copy --quiet docker://$ECR_REGISTRY/app:1 dir:$MACHINE/pulled")
                #expect(
                    try await berth.shell("aws ecr describe-images --repository-name app --query 'imageDetails[0].imageTags[0]' --output text") == "1"
                )

                // What gives space back has room of its own; nobody else may use it.
                let delete = "aws ecr batch-delete-image --repository-name app --image-ids imageTag=1 --query 'failures' --output json"
                #expect(try await berth.shell(delete) == "[]")
                #expect(
                    try await berth.shell("aws ecr delete-repository --repository-name other --query repository.repositoryName --output text")
                        == "other")
                #expect(try await berth.refusal("aws ecr create-repository --repository-name more").contains("The storage of the registry is full"))
                try await berth.shell("rm $MACHINE/data/ballast")
                let again = "aws ecr create-repository --repository-name again >/dev/null"
                try await berth.shell("for try in {1..100}; do \(again) && break; sleep 0.1; done")
                try await berth.shell("skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:foreign docker://$ECR_REGISTRY/app:2")
                try await berth.shell("skopeo copy --quiet docker://$ECR_REGISTRY/app:2 dir:$MACHINE/again")
                #expect(try await berth.stop() == 0)
                try await berth.shell("$BERTH fsck --read-data --data $MACHINE/data")
            }
        }
    }
}
