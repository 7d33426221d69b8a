import Testing

extension IntegrationTests {
    /// What is not an image.
    @Suite struct ArtifactTests {
        @Test(arguments: Transport.allCases)
        func orasAttachesAnArtifact(_ transport: Transport) async throws {
            try await Berth.with(transport) { berth in
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name app")
                try await berth.shell("skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:1")
                let subject = try await berth.shell("skopeo inspect --format '{{.Digest}}' docker://$ECR_REGISTRY/app:1")
                let artifact = try await berth.shell("python3 $CLIENTS/attach-artifact.py app 1 \(transport)")

                let scheme = transport == .plain ? "http" : "https"
                let referrers = "curl -fsS -u AWS:$(aws ecr get-login-password) \(scheme)://$ECR_REGISTRY/v2/app/referrers/\(subject)"
                #expect(try await berth.shell(referrers + " | jq -r '.manifests[].digest'") == artifact)
                #expect(try await berth.shell(referrers + "?artifactType=application/vnd.other | jq '.manifests | length'") == "0")
                #expect(try await berth.shell("skopeo list-tags docker://$ECR_REGISTRY/app | jq -c .Tags") == #"["1","sbom"]"#)
            }
        }

        @Test(arguments: Transport.allCases)
        func helmPushesAndPullsAChart(_ transport: Transport) async throws {
            try await Berth.with(transport) { berth in
                try await berth.shell("aws ecr create-repository --repository-name charts/web")
                let flags = transport == .plain ? "--plain-http" : "--ca-file $MACHINE/data/tls/ca.crt"
                try await berth.shell(
                    """
                    aws ecr get-login-password | helm registry login --username AWS --password-stdin \(flags) $ECR_REGISTRY
                    helm create web >/dev/null && helm package web
                    helm push \(flags) web-0.1.0.tgz oci://$ECR_REGISTRY/charts
                    mkdir pulled && helm pull \(flags) --destination pulled oci://$ECR_REGISTRY/charts/web
                    cmp web-0.1.0.tgz pulled/web-0.1.0.tgz
                    """)
                let artifact = try await berth.shell(
                    "aws ecr describe-images --repository-name charts/web --query 'imageDetails[0].[imageTags[0], artifactMediaType]' --output text")
                #expect(artifact == "0.1.0\tapplication/vnd.cncf.helm.config.v1+json")
            }
        }
    }
}
