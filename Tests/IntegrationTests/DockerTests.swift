import Foundation
import Testing

extension IntegrationTests {
    /// The docker CLI with a daemon of its own.
    @Suite struct DockerTests {
        @Test(arguments: Transport.allCases)
        func pushesPullsAndRuns(_ transport: Transport) async throws {
            try await Berth.with(transport) { berth in
                try await berth.shell("for name in app other; do aws ecr create-repository --repository-name $name >/dev/null; done")
                let dockerd = try await berth.machine.startDockerd()
                try await berth.shell("docker load --quiet --input $IMAGES/tiny.tar && docker tag tiny:local $ECR_REGISTRY/app:1")
                let anonymous = try await berth.refusal("docker push $ECR_REGISTRY/app:1")
                #expect(anonymous.contains("no basic auth credentials"))
                let stranger = try await berth.refusal("echo wrong | docker login --username AWS --password-stdin $ECR_REGISTRY")
                #expect(stranger.contains("40"), "status of a wrong password: \(stranger)")

                try await berth.shell("aws ecr get-login-password | docker login --username AWS --password-stdin $ECR_REGISTRY")
                let pushed = try await berth.shell("docker push $ECR_REGISTRY/app:1")
                let digest = try await berth.shell(
                    "aws ecr describe-images --repository-name app --query 'imageDetails[0].imageDigest' --output text")
                #expect(pushed.contains("digest: \(digest)"))

                // Layers that docker knows to be in another repository are mounted, not sent.
                #expect(
                    try await berth.shell("docker tag tiny:local $ECR_REGISTRY/other:1; docker push $ECR_REGISTRY/other:1").contains(
                        "Mounted from app"))

                try await berth.shell("docker rmi --force $(docker images --quiet | sort -u); docker pull --quiet $ECR_REGISTRY/app:1")
                #expect(try await berth.shell("docker run --rm --network=none $ECR_REGISTRY/app:1") == "berthed")
                let digests = try await berth.shell("docker inspect --format '{{json .RepoDigests}}' $ECR_REGISTRY/app:1")
                #expect(digests.contains("app@\(digest)"))

                try await berth.shell("aws ecr put-image-tag-mutability --repository-name app --image-tag-mutability IMMUTABLE")
                try await berth.shell(
                    "docker tag $ECR_REGISTRY/app:1 changed:1; docker commit --change 'ENV A=b' $(docker create changed:1) $ECR_REGISTRY/app:1")
                let refusal = try await berth.refusal("docker push $ECR_REGISTRY/app:1")
                #expect(
                    refusal.contains(
                        "The image tag '1' already exists in the 'app' repository and cannot be overwritten because the tag is immutable."))
                try await dockerd.stop()
            }
        }

        @Test(arguments: dockerCommands, Transport.allCases)
        func everyCommandDoesTheSame(_ command: String, _ transport: Transport) async throws {
            try await Berth.with(transport) { berth in
                try await berth.shell("aws ecr create-repository --repository-name app")
                let dockerd = try await berth.machine.startDockerd()
                let docker = "docker() { \(command) \"$@\"; }; "
                try await berth.shell(docker + "docker version")
                try await berth.shell(
                    docker + """
                        aws ecr get-login-password | docker login --username AWS --password-stdin $ECR_REGISTRY
                        docker load --quiet --input $IMAGES/tiny.tar
                        docker tag tiny:local $ECR_REGISTRY/app:1
                        docker push --quiet $ECR_REGISTRY/app:1
                        """)
                // This one speaks to the registry without the daemon, and did not get through to one with an authority of its own.
                if transport == .plain {
                    try await berth.shell(
                        docker + """
                            docker manifest create --insecure $ECR_REGISTRY/app:list $ECR_REGISTRY/app:1
                            docker manifest push --insecure $ECR_REGISTRY/app:list
                            docker manifest inspect --insecure $ECR_REGISTRY/app:list
                            """)
                    #expect(try await berth.shell("skopeo list-tags docker://$ECR_REGISTRY/app | jq -c .Tags") == #"["1","list"]"#)
                }
                try await berth.shell(docker + "docker rmi --force $(docker images --quiet | sort -u); docker pull --quiet $ECR_REGISTRY/app:1")
                #expect(try await berth.shell(docker + "docker run --rm --network=none $ECR_REGISTRY/app:1") == "berthed")
                try await dockerd.stop()
            }
        }

        /// Debian's, which must be there, and those of other versions that the machine has.
        private static let dockerCommands: [String] = {
            let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
            let found = (folders + ["/usr/local/bin"]).map { URL(filePath: "\($0)/docker").resolvingSymlinksInPath().path() }
            return Set(found.filter { FileManager.default.isExecutableFile(atPath: $0) } + ["/usr/bin/docker"]).sorted()
        }()

        @Test func pushesAManifestList() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name list")
                let dockerd = try await berth.machine.startDockerd()
                try await berth.shell(
                    """
                    for image in tiny foreign; do
                        skopeo copy --quiet --format v2s2 oci:$IMAGES/layout:$image docker://$ECR_REGISTRY/list:$image
                    done
                    aws ecr get-login-password | docker login --username AWS --password-stdin $ECR_REGISTRY
                    docker manifest create --insecure $ECR_REGISTRY/list:1 $ECR_REGISTRY/list:tiny $ECR_REGISTRY/list:foreign
                    docker manifest push --insecure $ECR_REGISTRY/list:1
                    """)
                #expect(
                    try await berth.shell("skopeo inspect --raw docker://$ECR_REGISTRY/list:1 | jq -r .mediaType")
                        == "application/vnd.docker.distribution.manifest.list.v2+json")
                #expect(try await berth.shell("docker run --rm --network=none $ECR_REGISTRY/list:1") == "berthed")
                try await dockerd.stop()
            }
        }

        /// Docker's classic image store asks `GET /v2/` before all else, and takes no 401 to a password that it does not have; a token it fetches.
        @Test(arguments: Transport.allCases)
        func pullsWithoutLoginWhereTokensAreTaken(_ transport: Transport) async throws {
            try await Berth.with(transport, options: "--bearer-tokens") { berth in
                let dockerd = try await berth.machine.startDockerd()
                try await berth.shell(
                    """
                    aws ecr get-login-password | docker login --username AWS --password-stdin $ECR_REGISTRY
                    docker load --quiet --input $IMAGES/tiny.tar
                    for name in open closed; do
                        aws ecr create-repository --repository-name $name
                        docker tag tiny:local $ECR_REGISTRY/$name:1
                        docker push --quiet $ECR_REGISTRY/$name:1
                    done
                    docker rmi --force $(docker images --quiet | sort -u)
                    docker pull --quiet $ECR_REGISTRY/closed:1
                    docker logout $ECR_REGISTRY
                    docker rmi --force $(docker images --quiet | sort -u)
                    """)
                _ = try await berth.refusal("docker pull $ECR_REGISTRY/open:1")
                let actions = #"["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]"#
                let policy = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":\#(actions)}]}"#
                try await berth.shell("aws ecr set-repository-policy --repository-name open --policy-text '\(policy)'")
                try await berth.shell("docker pull --quiet $ECR_REGISTRY/open:1")
                #expect(try await berth.shell("docker run --rm --network=none $ECR_REGISTRY/open:1") == "berthed")
                for refused in ["docker pull $ECR_REGISTRY/closed:1", "docker push $ECR_REGISTRY/open:1"] {
                    let refusal = try await berth.refusal(refused)
                    #expect(refusal.contains("nauthorized") || refusal.contains("denied") || refusal.contains("40"), "\(refusal)")
                }
                let stranger = try await berth.refusal("echo wrong | docker login --username AWS --password-stdin $ECR_REGISTRY")
                #expect(stranger.contains("unauthorized"), "\(stranger)")

                // Other clients get along with tokens, too, with a password and without.
                try await berth.login()
                try await berth.shell("skopeo copy --quiet docker://$ECR_REGISTRY/closed:1 docker://$ECR_REGISTRY/closed:2")
                try await berth.shell("skopeo logout $ECR_REGISTRY; skopeo copy --quiet docker://$ECR_REGISTRY/open:1 dir:$MACHINE/open")
                try await dockerd.stop()
            }
        }

        @Test func trustsNoCertificateWithoutTheAuthority() async throws {
            try await Berth.with(.tls) { berth in
                try await berth.shell("aws ecr create-repository --repository-name app")
                let dockerd = try await berth.machine.startDockerd()
                try await berth.shell("rm -r /etc/docker/certs.d/*")
                let stranger = try await berth.refusal("docker pull $ECR_REGISTRY/app:1")
                #expect(stranger.contains("x509: certificate signed by unknown authority"))
                try await dockerd.stop()
            }
        }

        @Test func logsInByTheCredentialHelper() async throws {
            try await Berth.with(.tls) { berth in
                try await berth.shell("aws ecr create-repository --repository-name helped")
                try await berth.shell(
                    #"mkdir -p $HOME/.docker; printf '{"credHelpers": {"%s": "ecr-login"}}' $ECR_REGISTRY >$HOME/.docker/config.json"#)
                #expect(try await berth.shell("echo -n $ECR_REGISTRY | docker-credential-ecr-login get | jq -r .Username") == "AWS")
                let dockerd = try await berth.machine.startDockerd()
                try await berth.shell("docker load --quiet --input $IMAGES/tiny.tar && docker tag tiny:local $ECR_REGISTRY/helped:1")
                try await berth.shell("docker push --quiet $ECR_REGISTRY/helped:1; docker rmi --force $(docker images --quiet | sort -u)")
                try await berth.shell("docker pull --quiet $ECR_REGISTRY/helped:1")
                #expect(try await berth.shell("docker run --rm --network=none $ECR_REGISTRY/helped:1") == "berthed")
                try await dockerd.stop()
            }
        }
    }
}
