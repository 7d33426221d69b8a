import Testing

extension IntegrationTests {
    /// boto3: the operations that the AWS CLI's user seldom types.
    @Suite struct BotoTests {
        @Test(arguments: Transport.allCases)
        func pushesByTheLayerAPI(_ transport: Transport) async throws {
            try await Berth.with(transport) { berth in
                let digest = try await berth.shell("python3 $CLIENTS/push-by-layer-api.py layered v1")
                try await berth.login()
                #expect(try await berth.shell("skopeo inspect --format '{{.Digest}}' docker://$ECR_REGISTRY/layered:v1") == digest)
                try await berth.shell("skopeo copy --quiet docker://$ECR_REGISTRY/layered:v1 dir:$MACHINE/pulled")
            }
        }

        @Test(arguments: Transport.allCases)
        func listsDescribesAndDeletesImages(_ transport: Transport) async throws {
            try await Berth.with(transport) { berth in
                let walked = try await berth.shell("python3 $CLIENTS/walk-ecr-images.py")
                #expect(walked == "walked")
            }
        }

        @Test(arguments: Transport.allCases)
        func fetchesLayersByURLThatNobodyCanForge(_ transport: Transport) async throws {
            try await Berth.with(transport) { berth in
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name app")
                try await berth.shell("skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:1")
                let layer = try await berth.shell("skopeo inspect docker://$ECR_REGISTRY/app:1 | jq -r '.Layers[0]'")
                let link = "aws ecr get-download-url-for-layer --repository-name app --layer-digest \(layer) --query downloadUrl --output text"
                #expect(try await berth.shell("curl -fsSL \"$(\(link))\" | sha256sum | cut -d' ' -f1") == layer.split(separator: ":").last ?? "")

                // Every part of the link counts: a changed last character, and the same signature on another layer, open nothing.
                let config = try await berth.shell("skopeo inspect --raw docker://$ECR_REGISTRY/app:1 | jq -r .config.digest")
                let forged = try await berth.shell(
                    """
                    url=$(\(link)); end=x; [ "${url: -1}" = x ] && end=y
                    for forged in "${url%?}$end" "${url//\(layer.dropFirst(7))/\(config.dropFirst(7))}"; do
                        [ "$forged" = "$url" ] || curl -sS -o /dev/null -w '%{http_code} ' "$forged"
                    done
                    """)
                #expect(!forged.isEmpty)
                #expect(forged.split(separator: " ").allSatisfy { $0 == "403" || $0 == "400" }, "answers to forged links: \(forged)")
            }
        }
    }
}
