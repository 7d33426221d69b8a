import Testing

extension IntegrationTests {
    /// What the server stores, read and written by a program that knows docs/encryption.md alone, and searched for what was pushed.
    @Suite struct EncryptionTests {
        @Test func anotherProgramReadsAndWritesObjects() async throws {
            try await Berth.with(.plain, options: "--scrub-rate 0") { berth in
                let checkout = Checkout.root
                try await berth.shell(
                    #"""
                    aws ecr create-repository --repository-name app
                    cat >do <<END
                    set -euo pipefail
                    blobs=http://$ECR_REGISTRY/v2/app/blobs
                    curl() { command curl -sS -u "AWS:$(aws ecr get-login-password)" "\$@"; }
                    push() {
                        digest=sha256:\$(sha256sum \$1 | cut -d' ' -f1)
                        location=\$(curl -f -D - -o answer -X POST \$blobs/uploads/ | sed -n 's/^location: *\([^[:space:]]*\).*/\1/Ip')
                        curl -f -X PUT -H 'Content-Type: application/octet-stream' --data-binary @\$1 "\${blobs%/v2/*}\$location?digest=\$digest"
                    }
                    object() { python3 \#(checkout)/scripts/sealed-object.py \$1 $MACHINE/data app \$digest; }
                    END
                    . ./do
                    head -c 1000000 < <(yes 'quince marmalade') >layer
                    head -c 16384 < <(yes 'green tomato') >chunk
                    for file in layer chunk; do
                        push $file
                        object read >found
                        cmp $file found
                        object write <$file
                        curl -f -o pulled $blobs/$digest
                        cmp $file pulled
                        curl -f -r 5000-5009 -o part $blobs/$digest
                        cmp part <(tail -c +5001 $file | head -c 10)
                    done
                    ! grep -r -l -e 'quince marmalade' -e 'green tomato' $MACHINE/data
                    """#)
            }
        }

        /// New master keys, and new data keys, while the server runs; what an older configuration stored plain; nothing is lost.
        @Test func keysChangeWhileTheServerRuns() async throws {
            try await Berth.with(.plain, options: "--scrub-rate 0") { berth in
                try await berth.shell(
                    #"""
                    aws ecr create-repository --repository-name app
                    head -c 300000 /dev/urandom >layer
                    digest=sha256:$(sha256sum layer | cut -d' ' -f1)
                    blobs=http://$ECR_REGISTRY/v2/app/blobs
                    curl() { command curl -fsS -u "AWS:$(aws ecr get-login-password)" "$@"; }
                    location=$(curl -D - -o answer -X POST $blobs/uploads/ | sed -n 's/^location: *\([^[:space:]]*\).*/\1/Ip')
                    curl -X PUT --data-binary @layer "${blobs%/v2/*}$location?digest=$digest"
                    pull() { curl -o pulled $blobs/$digest; cmp layer pulled; }
                    pull
                    $BERTH keys rotate --data $MACHINE/data | grep '1 keys of repositories lie under old ones'
                    pull
                    $BERTH keys rewrap --data $MACHINE/data | grep 'All keys of repositories lie under the newest master key; 1 old'
                    pull
                    before=$(find $MACHINE/data/blobs -type f)
                    sleep 1
                    $BERTH keys reencrypt --data $MACHINE/data | grep 'No object has keys from before'
                    pull
                    $BERTH keys status --data $MACHINE/data | grep -E 'encrypted blobs +1, 300000 bytes'
                    $BERTH keys status --json --data $MACHINE/data | grep '"plainBlobs":0'
                    test "$before" != "$(find $MACHINE/data/blobs -type f)"
                    """#)
            }
        }

        /// What was pushed without encryption is encrypted by the next start that has it, while it is pulled.
        @Test func whatIsPlainIsEncryptedInTheBackground() async throws {
            try await Berth.with(.plain, options: "--encryption off --scrub-rate 0") { berth in
                try await berth.shell(
                    #"""
                    aws ecr create-repository --repository-name app
                    head -c 1000000 < <(yes 'quince marmalade') >layer
                    cat >do <<END
                    set -euo pipefail
                    digest=sha256:$(sha256sum layer | cut -d' ' -f1)
                    blobs=http://$ECR_REGISTRY/v2/app/blobs
                    curl() { command curl -fsS -u "AWS:$(aws ecr get-login-password)" "\$@"; }
                    END
                    . ./do
                    location=$(curl -D - -o answer -X POST $blobs/uploads/ | sed -n 's/^location: *\([^[:space:]]*\).*/\1/Ip')
                    curl -X PUT --data-binary @layer "${blobs%/v2/*}$location?digest=$digest"
                    grep -r -l 'quince marmalade' $MACHINE/data/blobs
                    command curl -fsS http://localhost:5000/metrics | grep 'berth_encryption_enabled 0'
                    """#)
                let later = try await berth.restartAfterKill(options: "--scrub-rate 0")
                try await later.shell(
                    #"""
                    . ./do
                    curl -o pulled $blobs/$digest
                    cmp layer pulled
                    for second in {1..60}; do
                        if $BERTH keys status --json --data $MACHINE/data | grep '"plainBlobs":0'; then break; fi
                        sleep 1
                    done
                    $BERTH keys status --data $MACHINE/data | grep -E 'encrypted blobs +1, 1000000 bytes'
                    curl -o pulled $blobs/$digest
                    cmp layer pulled
                    command curl -fsS http://localhost:5000/metrics | grep 'berth_encryption_enabled 1'
                    """#)
            }
        }
    }
}
