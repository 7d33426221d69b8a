import Testing

extension IntegrationTests {
    /// The archive as skopeo and the AWS CLI see it.
    @Suite struct ArchiveTests {
        @Test func skopeoPullsNothingFromTheArchive() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell(
                    """
                    aws ecr create-repository --repository-name app
                    skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:v1
                    """)
                #expect(try await update("ARCHIVE", berth) == "ARCHIVED")
                #expect(try await berth.refusal("skopeo inspect docker://$ECR_REGISTRY/app:v1").contains("archived"))
                let listed = "aws ecr describe-images --repository-name app --query 'imageDetails[].imageStatus' --output text"
                #expect(try await berth.shell(listed) == "")
                #expect(try await berth.shell("\(listed) --filter imageStatus=ARCHIVED") == "ARCHIVED")

                // As if a day had gone by, and then the minute in which somebody may still be reading.
                try await berth.shell(sqlite("UPDATE repo_blobs SET lease_until = 0; UPDATE archive_queue SET due_at = 0"))
                try await berth.shell(until("[ $(find $MACHINE/data/archive/blobs -type f | wc -l) = 2 ]"))
                try await berth.shell(sqlite("UPDATE tombstones SET delete_after = 0"))
                try await berth.shell(until("[ -z \"$(find $MACHINE/data/blobs -type f)\" ]"))
                let layer = try await berth.shell("skopeo inspect --raw oci:$IMAGES/layout:tiny | jq -r '.layers[0].digest'")
                let availability = "--query 'layers[].layerAvailability' --output text"
                #expect(
                    try await berth.shell("aws ecr batch-check-layer-availability --repository-name app --layer-digests \(layer) \(availability)")
                        == "ARCHIVED")
                let blob = "curl -s -o /dev/null -w '%{http_code}' -u AWS:$(aws ecr get-login-password) http://$ECR_REGISTRY/v2/app/blobs/\(layer)"
                #expect(try await berth.shell(blob) == "404")

                #expect(try await update("STANDARD", berth) == "ACTIVATING")
                try await berth.shell(until("[ \"$(\(listed))\" = ACTIVE ]"))
                try await berth.shell("skopeo copy --quiet docker://$ECR_REGISTRY/app:v1 dir:$MACHINE/pulled")
                #expect(try await berth.stop() == 0)
                #expect(try await berth.shell("$BERTH fsck --data $MACHINE/data --read-data --json 2>/dev/null | jq .clean") == "true")
            }
        }

        /// docker's own push of an image that lies in the archive brings it back.
        @Test func skopeosPushRestores() async throws {
            try await Berth.with { berth in
                try await berth.login()
                let push = "skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:v1"
                try await berth.shell("aws ecr create-repository --repository-name app; \(push)")
                _ = try await update("ARCHIVE", berth)
                try await berth.shell(sqlite("UPDATE repo_blobs SET lease_until = 0; UPDATE archive_queue SET due_at = 0"))
                try await berth.shell(until("[ $(find $MACHINE/data/archive/blobs -type f | wc -l) = 2 ]"))
                try await berth.shell(push)
                try await berth.shell("skopeo copy --quiet docker://$ECR_REGISTRY/app:v1 dir:$MACHINE/pulled")
                let status = "aws ecr describe-images --repository-name app --query 'imageDetails[].imageStatus' --output text"
                #expect(try await berth.shell(status) == "ACTIVE")
            }
        }

        private func update(_ target: String, _ berth: Berth) async throws -> String {
            try await berth.shell(
                """
                aws ecr update-image-storage-class --repository-name app --image-id imageTag=v1 --target-storage-class \(target) \
                --query imageStatus --output text
                """)
        }

        private func sqlite(_ statements: String) -> String {
            "python3 -c \"import os, sqlite3; sqlite3.connect(os.environ['MACHINE'] + '/data/berth.sqlite', timeout=10).executescript('\(statements)')\""
        }

        private func until(_ condition: String) -> String { "for turn in $(seq 300); do if \(condition); then exit 0; fi; sleep 0.1; done; exit 1" }
    }
}
