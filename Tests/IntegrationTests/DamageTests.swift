import Testing

extension IntegrationTests {
    /// A layer that a bad disk has changed: no client gets all of it, and a push heals it.
    @Suite struct DamageTests {
        @Test(arguments: Transport.allCases)
        func aDamagedLayerIsNotServedAndIsHealedByAPush(_ transport: Transport) async throws {
            try await Berth.with(transport, options: "--verify-reads always --scrub-rate 0") { berth in
                try await berth.shell(
                    #"""
                    aws ecr create-repository --repository-name app
                    head -c 3000000 /dev/urandom >layer
                    cat >do <<END
                    set -euo pipefail
                    blobs=\#(transport == .tls ? "https" : "http")://$ECR_REGISTRY/v2/app/blobs
                    digest=sha256:$(sha256sum layer | cut -d' ' -f1)
                    curl() { command curl -sS -u "AWS:$(aws ecr get-login-password)" "\$@"; }
                    push() {
                        location=\$(curl -f -D - -o answer -X POST \$blobs/uploads/ | sed -n 's/^location: *\([^[:space:]]*\).*/\1/Ip')
                        curl -f -X PUT -H 'Content-Type: application/octet-stream' --data-binary @layer "\${blobs%/v2/*}\$location?digest=\$digest"
                    }
                    pull() { curl -o pulled -w '%{http_code}' \$blobs/\$digest; }
                    END
                    . ./do
                    push
                    pull
                    cmp layer pulled
                    file=$(find $MACHINE/data/blobs -type f -size +2M)
                    printf damage | dd of=$file bs=1 seek=2000000 conv=notrunc status=none
                    """#)
                #expect(try await berth.refusal(". ./do; pull").contains("curl: ("), "the connection breaks")
                #expect(try await berth.shell("test $(stat -c %s pulled) -lt 3000000; . ./do; pull") == "404")
                #expect(try await berth.shell(". ./do; push; pull; cmp layer pulled") == "200")
            }
        }
    }
}
