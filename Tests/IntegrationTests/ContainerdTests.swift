import Testing

extension IntegrationTests {
    /// containerd, which every EKS node pulls with.
    @Suite struct ContainerdTests {
        @Test(arguments: Transport.allCases)
        func pushesPullsAndRuns(_ transport: Transport) async throws {
            try await Berth.with(transport) { berth in
                try await berth.shell("for name in loaded zstd; do aws ecr create-repository --repository-name $name >/dev/null; done")
                let containerd = try await start(on: berth)
                let user = "--user AWS:$(aws ecr get-login-password) --hosts-dir $MACHINE/hosts"
                try await berth.shell(
                    """
                    ctr images import $IMAGES/tiny.tar
                    ctr images tag docker.io/library/tiny:local $ECR_REGISTRY/loaded:1
                    ctr images push \(user) $ECR_REGISTRY/loaded:1
                    pushed=$(ctr images ls | awk -v name=$ECR_REGISTRY/loaded:1 '$1 == name { print $3 }')
                    described=$(aws ecr describe-images --repository-name loaded --query 'imageDetails[0].imageDigest' --output text)
                    [ $pushed = $described ] || { echo "pushed $pushed, but there is $described" >&2; exit 1; }
                    ctr images rm --sync docker.io/library/tiny:local $ECR_REGISTRY/loaded:1
                    ctr images pull \(user) $ECR_REGISTRY/loaded:1
                    """)
                #expect(try await berth.shell("ctr run --rm $ECR_REGISTRY/loaded:1 loaded") == "berthed")

                try await berth.login()
                let compress = "--format oci --dest-compress --dest-compress-format zstd"
                try await berth.shell("skopeo copy --quiet \(compress) docker-archive:$IMAGES/tiny.tar docker://$ECR_REGISTRY/zstd:1")
                let layer = try await berth.shell("skopeo inspect --raw docker://$ECR_REGISTRY/zstd:1 | jq -r '.layers[0].mediaType'")
                #expect(layer == "application/vnd.oci.image.layer.v1.tar+zstd")
                try await berth.shell("ctr images pull \(user) $ECR_REGISTRY/zstd:1")
                #expect(try await berth.shell("ctr run --rm $ECR_REGISTRY/zstd:1 zstd") == "berthed")
                try await containerd.stop()
            }
        }

        /// By the interface through which the kubelet has containerd pull, with the password as its credential plugin gives it.
        @Test(arguments: Transport.allCases)
        func pullsForTheKubelet(_ transport: Transport) async throws {
            try await Berth.with(transport) { berth in
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name pod")
                try await berth.shell("skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/pod:1")
                let containerd = try await start(on: berth)
                let pull = "python3 $CLIENTS/cri.py /run/containerd/containerd.sock $ECR_REGISTRY/pod:1 AWS"
                let anonymous = try await berth.refusal(pull + " ''")
                #expect(anonymous.contains("401 Unauthorized") || anonymous.contains("no basic auth credentials"), "\(anonymous)")
                let id = try await berth.shell(pull + " $(aws ecr get-login-password)")
                #expect(id == (try await berth.shell("skopeo inspect --raw docker://$ECR_REGISTRY/pod:1 | jq -r .config.digest")))
                #expect(try await berth.shell("ctr --namespace k8s.io run --rm $ECR_REGISTRY/pod:1 pod") == "berthed")
                try await containerd.stop()
            }
        }

        private func start(on berth: Berth) async throws -> Daemon {
            let host = try await berth.shell("echo $ECR_REGISTRY")
            let scheme = berth.transport == .plain ? "http" : "https"
            let authority = berth.transport == .plain ? "" : "ca = \"$MACHINE/data/tls/ca.crt\""
            try await berth.shell(
                """
                mkdir -p $MACHINE/hosts/\(host)
                cat >$MACHINE/hosts/\(host)/hosts.toml <<TOML
                server = "\(scheme)://\(host)"
                [host."\(scheme)://\(host)"]
                capabilities = ["pull", "resolve", "push"]
                \(authority)
                TOML
                cat >$MACHINE/containerd.toml <<TOML
                version = 2
                root = "$MACHINE/containerd"
                state = "/run/containerd"
                [grpc]
                address = "/run/containerd/containerd.sock"
                [plugins."io.containerd.grpc.v1.cri".registry]
                config_path = "$MACHINE/hosts"
                TOML
                """)
            return try await berth.machine.daemon("containerd", "exec containerd --config $MACHINE/containerd.toml", until: "ctr version")
        }
    }
}
