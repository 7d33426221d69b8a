import Testing

extension IntegrationTests {
    /// `berth keys reencrypt --repository`, which ECR has nothing like (aws/containers-roadmap#1934), seen by clients.
    @Suite struct KeyChangeTests {
        /// From the service's key to a KMS key, to another, to two layers, and back, with pulls all the time; each former key is disabled afterwards.
        @Test func aRepositoryGoesThroughAllKinds() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell(
                    #"""
                    make() { aws kms create-alias --alias-name alias/$1 --target-key-id $(aws kms create-key --query KeyMetadata.KeyId --output text); }
                    for alias in one two three; do make $alias; done
                    for name in app other; do aws ecr create-repository --repository-name $name; done
                    for tag in tiny; do skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:$tag docker://$ECR_REGISTRY/app:$tag; done
                    skopeo copy --quiet --preserve-digests docker://$ECR_REGISTRY/app:tiny docker://$ECR_REGISTRY/other:tiny
                    pull() { skopeo copy --quiet --preserve-digests docker://$ECR_REGISTRY/$1:tiny dir:$MACHINE/pulled-$RANDOM$RANDOM; }
                    pulls() { while [ ! -e $MACHINE/stop ]; do pull app; done; }
                    pulls & pulls=$!
                    shown() {
                        aws ecr describe-repositories --repository-names app \
                            --query 'repositories[0].encryptionConfiguration.[encryptionType,kmsKey]' --output text
                    }
                    id() { aws kms describe-key --key-id alias/$1 --query KeyMetadata.$2 --output text; }
                    grants() { aws kms list-grants --key-id $(id $1 KeyId) --query 'length(Grants)' --output text; }
                    change() {
                        $BERTH keys reencrypt --repository app --data $MACHINE/data "$@" | tee said
                        grep 'no manifest, blob or upload lies under the former key' said
                    }
                    change --encryption-type KMS --kms-key alias/one
                    [ "$(shown)" = "KMS	$(id one Arn)" ]
                    [ $(grants one) = 1 ]
                    change --encryption-type KMS --kms-key alias/two
                    [ "$(shown)" = "KMS	$(id two Arn)" ]
                    [ $(grants one) = 0 ]
                    [ $(grants two) = 1 ]
                    aws kms disable-key --key-id $(id one KeyId)
                    pull app
                    change --encryption-type KMS_DSSE --kms-key alias/three
                    [ "$(shown)" = "KMS_DSSE	$(id three Arn)" ]
                    aws kms disable-key --key-id $(id two KeyId)
                    pull app
                    skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:again
                    change --encryption-type AES256
                    [ "$(shown)" = "AES256	None" ]
                    [ $(grants three) = 0 ]
                    touch $MACHINE/stop
                    wait $pulls
                    aws kms disable-key --key-id $(id three KeyId)
                    pull app
                    pull other
                    $BERTH keys status --data $MACHINE/data | grep -E 'repositories that are getting a new key +0'
                    """#, timeout: 400)
                #expect(try await berth.stop() == 0)
                #expect(try await berth.shell("$BERTH fsck --data $MACHINE/data --read-data --json 2>/dev/null | jq .clean") == "true")
            }
        }

        /// Killed in the middle, server and command, more than once, and gone on with; the former key then has no part in it.
        @Test func itIsKilledInTheMiddleAndGoesOn() async throws {
            try await Berth.with(options: "--scrub-rate 0") { berth in
                try await berth.shell(
                    #"""
                    aws kms create-key --query KeyMetadata.KeyId --output text >old
                    aws kms create-key --query KeyMetadata.KeyId --output text >new
                    aws ecr create-repository --repository-name app --encryption-configuration encryptionType=KMS,kmsKey=$(cat old)
                    cat >do <<'END'
                    set -euo pipefail
                    blobs=http://$ECR_REGISTRY/v2/app/blobs
                    [ -s password ] || aws ecr get-login-password >password
                    curl() { command curl -fsS -u "AWS:$(cat password)" "$@"; }
                    change() { $BERTH keys reencrypt --repository app --encryption-type KMS_DSSE --kms-key $(cat new) --data $MACHINE/data; }
                    pull() {
                        for layer in layer-*; do
                            curl -o pulled $blobs/sha256:$(sha256sum $layer | cut -d' ' -f1)
                            cmp pulled $layer
                        done
                    }
                    END
                    . ./do
                    for number in {1..8}; do
                        head -c 25000000 /dev/urandom >layer-$number
                        location=$(curl -D - -o answer -X POST $blobs/uploads/ | sed -n 's/^location: *\([^[:space:]]*\).*/\1/Ip')
                        curl -X PUT --data-binary @layer-$number "${blobs%/v2/*}$location?digest=sha256:$(sha256sum layer-$number | cut -d' ' -f1)"
                    done
                    """#, timeout: 400)
                var berth = berth
                for _ in 1...2 {
                    try await berth.shell(
                        #"""
                        . ./do
                        objects() { find $MACHINE/data/blobs $MACHINE/data/uploads -type f | wc -l; }
                        before=$(objects)
                        $BERTH keys reencrypt --repository app --encryption-type KMS_DSSE --kms-key $(cat new) --data $MACHINE/data >said 2>&1 &
                        until [ $(objects) -gt $((before + 2)) ]; do sleep 0.01; done
                        kill -KILL $!
                        """#, timeout: 400)
                    berth = try await berth.restartAfterKill(options: "--scrub-rate 0")
                    try await berth.shell(
                        #". ./do; $BERTH keys status --json --data $MACHINE/data | grep '"repositoriesChangingKeys":1'; pull"#, timeout: 400)
                }
                try await berth.shell(
                    """
                    . ./do
                    change
                    aws kms disable-key --key-id $(cat old)
                    pull
                    $BERTH keys status --json --data $MACHINE/data | grep '"repositoriesChangingKeys":0'
                    """, timeout: 400)
            }
        }
    }
}
