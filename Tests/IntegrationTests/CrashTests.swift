import Testing

extension IntegrationTests {
    /// The server is killed without warning, and nothing that it acknowledged is gone.
    @Suite struct CrashTests {
        @Test func anUploadGoesOnAfterAKill() async throws {
            try await Berth.with { berth in
                try await berth.shell("aws ecr create-repository --repository-name app")
                try await berth.shell(
                    """
                    head -c 3000000 /dev/urandom >blob; head -c 1200000 blob >first; tail -c +1200001 blob >rest
                    printf 'user = "AWS:%s"\\n' $(aws ecr get-login-password) >.curlrc
                    location=$(curl -fsS -X POST -o /dev/null -D - http://$ECR_REGISTRY/v2/app/blobs/uploads/ | tr -d '\\r' | awk 'tolower($1) == "location:" { print $2 }')
                    case $location in /*) location=http://$ECR_REGISTRY$location;; esac
                    echo $location >location
                    curl -fsS -X PATCH -H 'Content-Type: application/octet-stream' -H 'Content-Range: 0-1199999' --data-binary @first $location
                    """)
                let restarted = try await berth.restartAfterKill()
                let range = try await restarted.shell(
                    "curl -fsS -o /dev/null -D - $(cat location) | tr -d '\\r' | awk 'tolower($1) == \"range:\" { print $2 }'")
                #expect(range == "0-1199999")
                try await restarted.shell(
                    """
                    digest=sha256:$(sha256sum blob | cut -d' ' -f1)
                    curl -fsS -X PATCH -H 'Content-Type: application/octet-stream' -H 'Content-Range: 1200000-2999999' --data-binary @rest $(cat location)
                    curl -fsS -X PUT -H 'Content-Length: 0' "$(cat location)?digest=$digest"
                    curl -fsS http://$ECR_REGISTRY/v2/app/blobs/$digest | cmp - blob
                    """)
                #expect(try await restarted.stop() == 0)
            }
        }

        /// Eight clients push while the server is killed, again and again; each writes down what was acknowledged.
        @Test func keepsEveryAcknowledgedPush() async throws {
            try await Berth.with { berth in
                try await berth.shell("aws ecr create-repository --repository-name crash")
                try await berth.shell("aws ecr get-login-password >token; touch ledger")
                let pushes = try await berth.machine.daemon("pushes", "exec python3 $CLIENTS/ledger.py push ledger", until: "test -s ledger")
                var berth = berth
                for kill in 1...12 {
                    // At a different moment of the pushes each time, but only after some were acknowledged since the last kill.
                    try await berth.shell(
                        """
                        goal=$(($(wc -l <ledger) + 5))
                        for try in {1..600}; do [ $(wc -l <ledger) -ge $goal ] && break; sleep 0.05; done
                        [ $(wc -l <ledger) -ge $goal ] && sleep 0.$((\(kill) * 37 % 100 + 100))
                        """)
                    berth = try await berth.restartAfterKill()
                }
                try await pushes.stop()
                let verified = try await berth.shell("python3 $CLIENTS/ledger.py verify ledger")
                #expect(Int(verified) ?? 0 >= 60, "acknowledged pushes")
                #expect(try await berth.stop() == 0)
                try await berth.shell("$BERTH fsck --read-data --data $MACHINE/data")
            }
        }
    }
}
