import Testing

extension IntegrationTests {
    /// ECR Public as its users have it: the AWS CLI, boto3, skopeo and podman.
    @Suite struct PublicRegistryTests {
        /// Over TLS by AWS's own name; else by a port of its own.
        private static func with(_ transport: Transport, _ body: (Berth) async throws -> Void) async throws {
            switch transport {
            case .plain:
                try await Berth.with(transport, options: "--public-listen localhost:5001", body)
            case .tls: try await Berth.with(transport, body)
            }
        }

        @Test(arguments: Transport.allCases) func pushesWithAPasswordAndPullsWithout(_ transport: Transport) async throws {
            try await Self.with(transport) { berth in
                let uri = try await berth.shell(
                    "aws ecr-public create-repository --region us-east-1 --repository-name team/app --query repository.repositoryUri --output text")
                let host = uri.prefix { $0 != "/" }
                #expect(host == (transport == .plain ? "localhost:5001" : "public.ecr.aws"))
                let copy = "skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://\(uri)"
                #expect(try await berth.machine.refusal("\(copy):1").contains("unauthorized"))
                let login = "aws ecr-public get-login-password --region us-east-1"
                try await berth.shell("\(login) | skopeo login -u AWS --password-stdin \(host)")
                try await berth.shell("\(copy):1")
                try await berth.shell("\(login) | podman login -u AWS --password-stdin \(host)")
                try await berth.shell("podman pull --quiet \(uri):1 && podman tag \(uri):1 \(uri):2 && podman push --quiet \(uri):2")

                try await berth.shell("skopeo logout --all; podman logout --all; podman rmi --all --force")
                let digest = try await berth.shell("skopeo inspect --format '{{.Digest}}' docker://\(uri):1")
                try await berth.shell("podman pull --quiet \(uri):2")
                #expect(try await berth.shell("skopeo list-tags docker://\(uri) | jq -c .Tags") == #"["1","2"]"#)
                let described = "aws ecr-public describe-image-tags --region us-east-1 --repository-name team/app"
                #expect(try await berth.shell("\(described) --query 'imageTagDetails[0].imageDetail.imageDigest' --output text") == digest)
            }
        }

        @Test(arguments: Transport.allCases) func publicAndPrivateRegistriesDoNotMeet(_ transport: Transport) async throws {
            try await Self.with(transport) { berth in
                let uri = try await berth.shell(
                    "aws ecr-public create-repository --region us-east-1 --repository-name app --query repository.repositoryUri --output text")
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name app")
                try await berth.shell("skopeo copy --quiet oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:1")
                // The private image by no public name, the public one's name at no private host, and neither password at the other's.
                #expect(try await berth.machine.refusal("skopeo inspect docker://\(uri):1").contains("manifest unknown"))
                let alias = try #require(uri.split(separator: "/").dropFirst().first)
                _ = try await berth.machine.refusal("skopeo inspect docker://$ECR_REGISTRY/\(alias)/app:1")
                let host = uri.prefix { $0 != "/" }
                _ = try await berth.machine.refusal("aws ecr get-login-password | skopeo login -u AWS --password-stdin \(host)")
                _ = try await berth.machine.refusal(
                    "aws ecr-public get-login-password --region us-east-1 | skopeo login -u AWS --password-stdin $ECR_REGISTRY")
            }
        }

        @Test(arguments: Transport.allCases) func botoWalksEveryOperation(_ transport: Transport) async throws {
            try await Self.with(transport) { berth in
                let walked = try await berth.shell("python3 $CLIENTS/walk-ecr-public.py")
                #expect(walked == "23 operations")
            }
        }
    }
}
