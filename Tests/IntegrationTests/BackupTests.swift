import Testing

extension IntegrationTests {
    /// `berth backup` and `berth restore`, while somebody pushes.
    @Suite struct BackupTests {
        private static let push = "skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY"

        @Test func whatWasBackedUpComesBackWhileOthersPush() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell(
                    "aws ecr create-repository --repository-name app; aws ecr create-repository --repository-name more; \(Self.push)/app:v1")
                async let pushes = berth.shell("for turn in $(seq 12); do \(Self.push)/more:$turn; done")
                let first = try await berth.shell("$BERTH backup --data $MACHINE/data --with-root-key $MACHINE/backup")
                #expect(first.contains("whoever has this folder reads every secret"))
                _ = try await pushes

                try await berth.shell(
                    """
                    skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:foreign docker://$ECR_REGISTRY/app:foreign
                    aws ecr batch-delete-image --repository-name more --image-ids imageTag=3 >/dev/null
                    """)
                // One image goes to the archive, as if its lease had ended.
                try await berth.shell(
                    """
                    aws ecr update-image-storage-class --repository-name app --image-id imageTag=foreign --target-storage-class ARCHIVE >/dev/null
                    python3 -c "import os, sqlite3; sqlite3.connect(os.environ['MACHINE'] + '/data/berth.sqlite', timeout=10).executescript(
                        'UPDATE repo_blobs SET lease_until = 0; UPDATE archive_queue SET due_at = 0')"
                    for turn in $(seq 300); do [ -n "$(find $MACHINE/data/archive/blobs -type f)" ] && break; sleep 0.1; done
                    """)
                let second = try await berth.shell("$BERTH backup --data $MACHINE/data --with-root-key $MACHINE/backup")
                #expect(!second.hasPrefix("0 objects of 0 bytes were copied, 0 were there"))
                #expect(try await berth.shell("ls $MACHINE/backup | tr '\\n' ' '").contains("berth.sqlite "))
                let tags = try await berth.shell("aws ecr list-images --repository-name more --query 'length(imageIds)' --output text")
                #expect(try await berth.stop() == 0)

                try await berth.shell("$BERTH restore --data $MACHINE/restored $MACHINE/backup")
                #expect(try await berth.shell("$BERTH fsck --data $MACHINE/restored --read-data --json 2>/dev/null | jq .clean") == "true")
                #expect(try await berth.refusal("$BERTH restore --data $MACHINE/restored $MACHINE/backup").contains("an installation in"))
                // As a restore leaves it that did not come to its end, and a database that was lost without its log.
                try await berth.shell("mv $MACHINE/restored/berth.sqlite $MACHINE/away")
                #expect(try await berth.refusal("$BERTH serve --data $MACHINE/restored").contains("give `berth restore` again"))
                try await berth.shell("touch $MACHINE/restored/berth.sqlite-wal")
                #expect(try await berth.refusal("$BERTH restore --data $MACHINE/restored $MACHINE/backup").contains("move the other away"))
                try await berth.shell("rm $MACHINE/restored/berth.sqlite-wal; $BERTH restore --data $MACHINE/restored $MACHINE/backup")
                #expect(try await berth.shell("$BERTH fsck --data $MACHINE/restored --read-data --json 2>/dev/null | jq .clean") == "true")
                #expect(tags == "11")
                try await berth.shell("rm -r $MACHINE/data && mv $MACHINE/restored $MACHINE/data")
                #expect(try await berth.shell("find $MACHINE/data/archive/blobs -type f") != "")
                let again = try await berth.restart()
                try await again.shell("skopeo copy --quiet docker://$ECR_REGISTRY/app:v1 dir:$MACHINE/pulled")
                #expect(try await again.shell("aws ecr list-images --repository-name more --query 'length(imageIds)' --output text") == "11")
                #expect(try await again.stop() == 0)
            }
        }

        @Test func withoutItsRootKeyABackupIsNotRestored() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name app; \(Self.push)/app:v1")
                let said = try await berth.shell("$BERTH backup --data $MACHINE/data $MACHINE/backup")
                #expect(said.contains("The root key") && said.contains("keep a copy elsewhere"))
                #expect(try await berth.shell("ls $MACHINE/backup").contains("root.key") == false)
                #expect(
                    try await berth.refusal("$BERTH restore --data $MACHINE/restored $MACHINE/backup").contains(
                        "The root key is not part of this backup"))
                #expect(try await berth.shell("ls $MACHINE/restored") == "")
                try await berth.shell("$BERTH restore --data $MACHINE/restored --root-key $MACHINE/data/root.key $MACHINE/backup")
                #expect(
                    try await berth.shell(
                        "$BERTH fsck --data $MACHINE/restored --root-key $MACHINE/data/root.key --read-data --json 2>/dev/null | jq .clean")
                        == "true")
                #expect(try await berth.refusal("$BERTH backup --data $MACHINE/data $MACHINE/data").contains("choose another"))
            }
        }

        @Test func everythingMovesInFromAnotherRegistry() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell(
                    """
                    printf 'version: 0.1\\nstorage: {filesystem: {rootdirectory: %s}}\\nhttp: {addr: "127.0.0.1:5001", secret: x}\\n' $MACHINE/old \
                        > $MACHINE/old.yml
                    """)
                let old = try await berth.machine.daemon(
                    "old", "exec docker-registry serve $MACHINE/old.yml", until: "curl -fsS http://127.0.0.1:5001/v2/")
                try await berth.shell(
                    """
                    for tag in v1 v2; do
                        skopeo copy --quiet --preserve-digests --dest-tls-verify=false oci:$IMAGES/layout:tiny docker://127.0.0.1:5001/team/app:$tag
                    done
                    aws ecr create-repository --repository-name team/app
                    skopeo sync --all --preserve-digests --src-tls-verify=false --src docker --dest docker 127.0.0.1:5001/team/app $ECR_REGISTRY/team
                    """)
                let tags = "aws ecr list-images --repository-name team/app --query 'sort(imageIds[].imageTag)' --output text"
                #expect(try await berth.shell(tags) == "v1\tv2")
                let digest = "skopeo inspect --tls-verify=false --format '{{.Digest}}' docker://"
                #expect(try await berth.shell("\(digest)127.0.0.1:5001/team/app:v1") == berth.shell("\(digest)$ECR_REGISTRY/team/app:v1"))
                _ = try await old.stop()
            }
        }
    }
}
