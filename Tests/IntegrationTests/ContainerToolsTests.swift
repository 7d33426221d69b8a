import Testing

extension IntegrationTests {
    /// skopeo, podman and buildah, which share one library of their own.
    @Suite struct ContainerToolsTests {
        @Test(arguments: Transport.allCases)
        func skopeoCopiesSyncsAndDeletes(_ transport: Transport) async throws {
            try await Berth.with(transport) { berth in
                try await berth.login()
                try await berth.shell("for name in one two mirror/one; do aws ecr create-repository --repository-name $name >/dev/null; done")
                try await berth.shell("skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/one:1")
                try await berth.shell("skopeo copy --quiet --preserve-digests docker://$ECR_REGISTRY/one:1 docker://$ECR_REGISTRY/two:1")
                try await berth.shell("skopeo sync --src docker --dest docker $ECR_REGISTRY/one $ECR_REGISTRY/mirror")
                let digests = try await berth.shell(
                    "for name in one two mirror/one; do skopeo inspect --format '{{.Digest}}' docker://$ECR_REGISTRY/$name:1; done | sort -u | wc -l")
                #expect(digests == "1")

                try await berth.shell("skopeo copy --quiet docker://$ECR_REGISTRY/two:1 dir:$MACHINE/pulled")
                #expect(
                    try await berth.shell(
                        "cd $MACHINE/pulled; for file in $(ls | grep -E '^[0-9a-f]{64}$'); do echo $file $file; done | sha256sum --check --quiet && echo whole"
                    ) == "whole")

                try await berth.shell("skopeo delete docker://$ECR_REGISTRY/two:1")
                let absent = try await berth.refusal("skopeo inspect docker://$ECR_REGISTRY/two:1")
                #expect(absent.contains("manifest unknown") || absent.contains("Requested image not found"))
            }
        }

        @Test(arguments: Transport.allCases)
        func podmanPushesPullsAndRuns(_ transport: Transport) async throws {
            try await Berth.with(transport) { berth in
                try await berth.shell("aws ecr create-repository --repository-name pod")
                try await berth.shell("aws ecr get-login-password | podman login --username AWS --password-stdin $ECR_REGISTRY")
                try await berth.shell(
                    """
                    cd $IMAGES; podman pull --quiet oci:layout:tiny
                    podman tag $(podman images --quiet | head -1) $ECR_REGISTRY/pod:1
                    podman push --quiet --digestfile $MACHINE/digest $ECR_REGISTRY/pod:1
                    podman rmi --all --force
                    """)
                let described = try await berth.shell(
                    "aws ecr describe-images --repository-name pod --query 'imageDetails[0].imageDigest' --output text")
                #expect(try await berth.shell("cat $MACHINE/digest") == described)
                try await berth.shell("podman pull --quiet $ECR_REGISTRY/pod:1")
                #expect(try await berth.shell("podman run --rm $ECR_REGISTRY/pod:1") == "berthed")
            }
        }

        @Test func podmanPushesAndRunsWhatZstdCompressed() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name zstd")
                try await berth.shell(
                    """
                    cd $IMAGES; podman pull --quiet oci:layout:tiny
                    podman tag $(podman images --quiet | head -1) $ECR_REGISTRY/zstd:1
                    podman push --quiet --format oci --compression-format zstd $ECR_REGISTRY/zstd:1
                    podman rmi --all --force
                    """)
                let layer = try await berth.shell("skopeo inspect --raw docker://$ECR_REGISTRY/zstd:1 | jq -r '.layers[0].mediaType'")
                #expect(layer == "application/vnd.oci.image.layer.v1.tar+zstd")
                #expect(try await berth.shell("podman run --rm $ECR_REGISTRY/zstd:1") == "berthed")
            }
        }

        @Test func podmanPushesAnIndexOfTwoPlatforms() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name multi")
                try await berth.shell(
                    """
                    podman manifest create multi
                    cd $IMAGES
                    podman manifest add multi oci:layout:tiny
                    podman manifest add multi oci:layout:foreign
                    podman manifest push --quiet --all multi docker://$ECR_REGISTRY/multi:1
                    """)
                let platforms = try await berth.shell(
                    "skopeo inspect --raw docker://$ECR_REGISTRY/multi:1 | jq -r '.manifests[].platform.architecture'")
                let native = try await berth.shell("dpkg --print-architecture")
                #expect(Set(platforms.split(separator: "\n").map(String.init)) == [native, "s390x"])
                #expect(try await berth.shell("podman run --rm $ECR_REGISTRY/multi:1") == "berthed")
                #expect(try await berth.shell("aws ecr describe-images --repository-name multi --query 'length(imageDetails)'") == "3")
                let child = try await berth.shell("skopeo inspect --raw docker://$ECR_REGISTRY/multi:1 | jq -r '.manifests[0].digest'")
                let held = try await berth.shell(
                    "aws ecr batch-delete-image --repository-name multi --image-ids imageDigest=\(child) --query 'failures[].failureCode' --output text"
                )
                #expect(held == "ImageReferencedByManifestList")
            }
        }

        @Test(arguments: Transport.allCases)
        func buildahBuildsUponWhatItPulled(_ transport: Transport) async throws {
            try await Berth.with(transport) { berth in
                try await berth.shell("for name in base built; do aws ecr create-repository --repository-name $name >/dev/null; done")
                try await berth.shell("aws ecr get-login-password | buildah login --username AWS --password-stdin $ECR_REGISTRY")
                try await berth.shell("skopeo copy --quiet oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/base:1")
                try await berth.shell(
                    """
                    mkdir context && cd context
                    printf 'FROM %s/base:1\\nRUN echo built >/motto\\n' $ECR_REGISTRY >Containerfile
                    buildah bud --quiet --isolation chroot --tag $ECR_REGISTRY/built:1 . 
                    buildah push --quiet --digestfile $MACHINE/digest $ECR_REGISTRY/built:1
                    buildah rmi --all --force
                    """)
                let described = try await berth.shell(
                    "aws ecr describe-images --repository-name built --query 'imageDetails[0].imageDigest' --output text")
                #expect(try await berth.shell("cat $MACHINE/digest") == described)
                let motto = try await berth.shell(
                    "container=$(buildah from --quiet $ECR_REGISTRY/built:1); buildah run --isolation chroot $container cat /motto")
                #expect(motto == "built")
            }
        }
    }
}
