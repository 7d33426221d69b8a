import Testing

extension IntegrationTests {
    /// The program itself, as the person at the terminal has it: refusals that say what to do, and the commands beside `serve`.
    @Suite struct CommandTests {
        @Test func whatCannotBeServedIsRefusedWithASentence() async throws {
            try await Berth.with { berth in
                let serve = "timeout 20 $BERTH serve --listen localhost:5001"
                let held = try await berth.refusal("\(serve) --data $MACHINE/data")
                let holder = try await berth.shell("cat $MACHINE/data/lock")
                #expect(held.contains("is in use by process \(holder). Stop it first, or name another folder with --data."), "\(held)")

                #expect(try await berth.stop() == 0)
                let other = try await berth.refusal("\(serve) --data $MACHINE/data --account 999999999999")
                #expect(other.contains("999999999999") && other.contains(Berth.account), "\(other)")
                let open = try await berth.refusal("timeout 20 $BERTH serve --data $MACHINE/data --listen 0.0.0.0:5001")
                #expect(open.contains("Refusing to listen on 0.0.0.0:5001 without TLS") && open.contains("--allow-plaintext"), "\(open)")

                let events = try await berth.refusal("\(serve) --data $MACHINE/data --event-file $MACHINE/absent/events")
                #expect(events.contains("event-file: ") && events.contains("/absent/events cannot be opened: No such file"), "\(events)")

                let future = "INSERT INTO schema_version SELECT 99, 'of the future', 'x', max(applied_at) FROM schema_version"
                try await berth.shell(
                    "python3 -c \"import sqlite3; db = sqlite3.connect('$MACHINE/data/berth.sqlite'); db.execute(\\\"\(future)\\\"); db.commit()\"")
                let newer = try await berth.refusal("\(serve) --data $MACHINE/data --account \(Berth.account)")
                #expect(newer.contains("The database has had migration 99") && newer.contains("Start the newer program"), "\(newer)")
            }
        }

        @Test func aNewRootKeyReplacesTheOldOneAndItsLogins() async throws {
            try await Berth.with { berth in
                try await berth.shell("aws ecr create-repository --repository-name app; aws ecr get-login-password >password")
                let ping = "curl -sS -o /dev/null -w '%{http_code}' -u AWS:$(cat password) http://$ECR_REGISTRY/v2/"
                #expect(try await berth.shell(ping) == "200")

                #expect(try await berth.shell("$BERTH account reset-root-key --data $MACHINE/data").contains("The new root access key is in "))
                let old = try await berth.refusal("aws ecr describe-repositories")
                #expect(old.contains("(UnrecognizedClientException)"), "\(old)")
                #expect(try await berth.shell(ping) == "401")
                let new = "eval \"$($BERTH env --data $MACHINE/data)\"; "
                #expect(try await berth.shell(new + "aws ecr describe-repositories --query 'repositories[].repositoryName' --output text") == "app")

                #expect(try await berth.stop() == 0)
                try await berth.shell("cp $MACHINE/data/client-credentials before; $BERTH account reset-root-key --data $MACHINE/data")
                #expect(try await berth.shell("cmp --silent before $MACHINE/data/client-credentials || echo changed") == "changed")
                #expect(try await berth.shell("stat -c %a $MACHINE/data/client-credentials") == "600")
            }
        }

        @Test func theEnvironmentWarnsOfAnOldCommandOfAWS() async throws {
            try await Berth.with { berth in
                try await berth.shell("mkdir old; printf '#!/bin/sh\\necho aws-cli/1.27.165 Python/3.11\\n' >old/aws; chmod +x old/aws")
                let warned = try await berth.shell("PATH=$HOME/old:$PATH $BERTH env --data $MACHINE/data 2>&1 >/dev/null")
                #expect(warned.contains("your `aws` is version 1.27") && warned.contains("ignores AWS_ENDPOINT_URL"), "\(warned)")
                #expect(try await berth.shell("$BERTH env --data $MACHINE/data 2>&1 >/dev/null").isEmpty)
            }
        }

        @Test func aChangedByteIsFoundByReading() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name app")
                try await berth.shell("skopeo copy --quiet oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:1")
                #expect(try await berth.stop() == 0)
                let check = "$BERTH fsck --json --data $MACHINE/data"
                #expect(try await berth.shell("\(check) --read-data | jq -c '[.clean, .manifests, .blobs]'") == "[true,1,2]")

                try await berth.shell(
                    """
                    blob=$(find $MACHINE/data/blobs -type f -size +100k)
                    printf 'x' | dd of=$blob bs=1 seek=1000 conv=notrunc status=none
                    """)
                #expect(try await berth.shell("\(check) | jq .clean") == "true", "without reading, size and name are all right")
                let found = try await berth.shell("(\(check) --read-data=1/1 || echo $? >status) | jq -r '.damage[].invariant'; cat status")
                #expect(found == "I2\n1")
                let words = try await berth.shell("$BERTH fsck --read-data --quarantine --data $MACHINE/data 2>progress || cat progress")
                #expect(words.contains("1 blobs are in quarantine; push their images again."), "\(words)")
                #expect(words.contains("data       [####################] 100 %"), "\(words)")
                // An index of which SQLite has lost the name: its pages belong to nothing.
                try await berth.shell(
                    """
                    python3 -c "import os, sqlite3; db = sqlite3.connect(os.environ['MACHINE'] + '/data/berth.sqlite'); db.executescript(
                        'PRAGMA writable_schema = ON; DELETE FROM sqlite_master WHERE name = \\"events_to_file\\"'); db.commit()"
                    """)
                for option in ["", "--read-data"] {
                    let all = try await berth.shell("(\(check) \(option) || true) | jq -r '.damage[] | .invariant + \" \" + .finding'")
                    #expect(all.contains("database ") && all.contains("never used"), "\(all)")
                }
                let slice = try await berth.refusal("$BERTH fsck --read-data=3/2 --data $MACHINE/data")
                #expect(slice.contains("3/2"), "\(slice)")
            }
        }

        /// Whatever the size, an upload takes no more memory than its pieces.
        @Test func memoryStaysFlatWhileALargeLayerComes() async throws {
            try await Berth.with { berth in
                try await berth.shell("aws ecr create-repository --repository-name large")
                let peak = try await berth.shell(
                    """
                    location=$(curl -fsS -X POST -o /dev/null -w '%header{location}' -u AWS:$(aws ecr get-login-password) http://$ECR_REGISTRY/v2/large/blobs/uploads/)
                    head -c 700M /dev/zero | curl -fsS -u AWS:$(aws ecr get-login-password) -H 'Transfer-Encoding: chunked' -X PATCH -T - http://$ECR_REGISTRY$location
                    awk '$1 == "VmHWM:" { print int($2 / 1024) }' /proc/$(cat $MACHINE/data/lock)/status
                    """)
                #expect(Int(peak) ?? .max < 200, "MiB at the peak: \(peak)")
            }
        }

        @Test func theCollectorTellsWhatItHasToDo() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name app")
                try await berth.shell("skopeo copy --quiet oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:1")
                let status = "$BERTH gc status --data $MACHINE/data"
                #expect(try await berth.shell("\(status) --json | jq -c '[.waitingBlobs, .dueBlobs, .quarantinedBlobs]'") == "[2,0,0]")
                #expect(try await berth.shell("curl -fsS http://$ECR_REGISTRY/metrics").contains("\nberth_reclaim_delay_seconds 0"))
                #expect(try await berth.stop() == 0)
                #expect(try await berth.shell(status).contains("blobs that wait for the end of their lease   2\n"))
            }
        }

        /// Everything that could go into a log, at its most talkative.
        @Test func secretsAreInNoLog() async throws {
            try await Berth.with(options: "--log-level trace") { berth in
                try await berth.shell("aws ecr create-repository --repository-name app; aws ecr get-login-password >password")
                try await berth.login()
                try await berth.shell("skopeo copy --quiet oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:1")
                try await berth.shell(
                    """
                    layer=$(skopeo inspect docker://$ECR_REGISTRY/app:1 | jq -r '.Layers[0]')
                    aws ecr get-download-url-for-layer --repository-name app --layer-digest $layer --query downloadUrl --output text >link
                    curl -fsS -o /dev/null $(cat link); curl -sS -u AWS:$(cat password)x http://$ECR_REGISTRY/v2/
                    $BERTH account reset-root-key --data $MACHINE/data
                    """)
                let log = try await berth.shell("cat $MACHINE/berth.log $MACHINE/berth.log.errors")
                #expect(log.contains("ecr:GetDownloadUrlForLayer"), "the log is there")
                for secret in try await berth.shell(
                    "echo $AWS_SECRET_ACCESS_KEY; cat password; basename $(cat link); awk '/secret/ { print $3 }' $MACHINE/data/client-credentials"
                ).split(separator: "\n") {
                    #expect(secret.count > 30 && !log.contains(secret), "\(secret)")
                }
            }
        }

        /// What `systemctl enable` would read.
        @Test func theUnitIsOneThatSystemdUnderstands() async throws {
            try await Machine.with { machine in
                let complaints = try await machine.shell(
                    """
                    sed "s|/usr/local/bin/berth|$BERTH|" \(Checkout.root)/packaging/berth.service >/etc/systemd/system/berth.service
                    systemd-analyze verify /etc/systemd/system/berth.service 2>&1 | grep berth || true
                    """)
                #expect(complaints.isEmpty)
            }
        }
    }
}
