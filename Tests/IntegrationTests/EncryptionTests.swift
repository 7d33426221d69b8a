import Testing

extension IntegrationTests {
    /// What the server stores, read and written by a program that knows docs/encryption.md alone, and searched for what was pushed.
    @Suite struct EncryptionTests {
        @Test(arguments: ["AES256", "KMS", "KMS_DSSE"]) func anotherProgramReadsAndWritesObjects(_ kind: String) async throws {
            try await Berth.with(.plain, options: "--scrub-rate 0") { berth in
                let checkout = Checkout.root
                try await berth.shell(
                    #"""
                    aws ecr create-repository --repository-name app --encryption-configuration encryptionType=\#(kind)
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

        /// Known words go in by every way there is; then the data folder with the database and its log, temporary files and the server's own log, at its
        /// most talkative, are searched: while it runs, after a kill and after an orderly end.
        @Test func nothingThatWasPushedIsFound() async throws {
            try await Berth.with(.plain, options: "--scrub-rate 0 --log-level trace --event-file $MACHINE/data/events") { berth in
                try await berth.shell(
                    #"""
                    cat >do <<'END'
                    set -euo pipefail
                    blobs=http://$ECR_REGISTRY/v2/app/blobs
                    [ -s password ] || aws ecr get-login-password >password
                    curl() { command curl -fsS -u "AWS:$(cat password)" "$@"; }
                    digest() { echo sha256:$(sha256sum $1 | cut -d' ' -f1); }
                    begin() { curl -D - -o answer -X POST $blobs/uploads/ | sed -n 's/^location: *\([^[:space:]]*\).*/\1/Ip'; }
                    push() { curl -X PUT --data-binary @$1 "${blobs%/v2/*}$(begin)?digest=$(digest $1)"; }
                    descriptor() { echo "{\"mediaType\":\"$2\",\"digest\":\"$(digest $1)\",\"size\":$(stat -c %s $1)}"; }
                    # Words as they are, as the API carries them, and of keys.
                    search() {
                        secret=$(sed -n 's/^aws_secret_access_key *= *//p' $MACHINE/data/client-credentials)
                        bob=$(cat bob)
                        for word in 'quince marmalade' 'damson cheese' 'medlar jelly' 'sloe gin' 'crab apple' 'bullace pie' 'rowan tart' \
                            "$(printf 'sloe gin sloe gin sloe gin' | base64 | cut -c1-24)" "$secret" "$bob"; do
                            [ -n "$word" ]
                            if grep -r -l -a -F -e "$word" --exclude=client-credentials $MACHINE/data $MACHINE/tmp $MACHINE/berth.log \
                                $MACHINE/berth.log.errors; then
                                echo "$word is found" >&2
                                return 1
                            fi
                        done
                    }
                    END
                    . ./do
                    aws ecr create-repository --repository-name app
                    aws ecr create-repository --repository-name dual --encryption-configuration encryptionType=KMS_DSSE
                    aws iam create-user --user-name bob
                    aws iam create-access-key --user-name bob --query AccessKey.SecretAccessKey --output text >bob
                    # Layers at once and in pieces, one that is not finished, one that is broken off, one by the API.
                    head -c 3000000 < <(yes 'quince marmalade') >layer
                    push layer
                    head -c 70000 < <(yes 'damson cheese') >pieces
                    location=$(begin)
                    for start in 0 5000 21000 50001; do
                        end=$((start == 0 ? 5000 : start == 5000 ? 21000 : start == 21000 ? 50001 : 70000))
                        head -c $end pieces | tail -c $((end - start)) >piece
                        location=$(curl -D - -o answer -X PATCH -H 'Content-Type: application/octet-stream' -H "Content-Range: $start-$((end - 1))" \
                            --data-binary @piece "${blobs%/v2/*}$location" | sed -n 's/^location: *\([^[:space:]]*\).*/\1/Ip')
                    done
                    location=$(begin)
                    head -c 40000 < <(yes 'bullace pie') >open
                    curl -X PATCH -H 'Content-Type: application/octet-stream' --data-binary @open "${blobs%/v2/*}$location"
                    location=$(begin)
                    head -c 90000000 < <(yes 'rowan tart') >broken
                    command curl -u "AWS:$(cat password)" --max-time 2 --limit-rate 5M -X PATCH \
                        -H 'Content-Type: application/octet-stream' -T broken "${blobs%/v2/*}$location" || [ $? = 28 ]
                    head -c 6000000 < <(yes 'sloe gin') >part
                    upload=$(aws ecr initiate-layer-upload --repository-name dual --query uploadId --output text)
                    aws ecr upload-layer-part --repository-name dual --upload-id $upload --part-first-byte 0 --part-last-byte 5999999 \
                        --layer-part-blob fileb://part
                    aws ecr complete-layer-upload --repository-name dual --upload-id $upload --layer-digests $(digest part)
                    # Configuration, manifest and index with annotations, an artifact that refers to the image.
                    echo '{"architecture":"amd64","os":"linux","config":{"Labels":{"jam":"medlar jelly"}},"rootfs":{"type":"layers","diff_ids":[]}}' >config
                    push config
                    image=application/vnd.oci.image.manifest.v1+json
                    manifest() {
                        printf '{"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s],"annotations":{"com.example.tree":"crab apple"}%s}' $image \
                            "$(descriptor config application/vnd.oci.image.config.v1+json)" "$(descriptor layer application/vnd.oci.image.layer.v1.tar)" "$1"
                    }
                    put() { curl -X PUT -H "Content-Type: $2" --data-binary @$1 http://$ECR_REGISTRY/v2/app/manifests/$3; }
                    manifest '' >manifest
                    put manifest $image one
                    manifest ",\"artifactType\":\"application/vnd.example\",\"subject\":$(descriptor manifest $image)" >artifact
                    put artifact $image $(digest artifact)
                    index=application/vnd.oci.image.index.v1+json
                    printf '{"schemaVersion":2,"mediaType":"%s","manifests":[%s],"annotations":{"com.example.tree":"crab apple"}}' $index \
                        "$(descriptor manifest $image)" >index
                    put index $index list
                    # And out again, also by the API and to the archive.
                    curl -o /dev/null $blobs/$(digest layer)
                    curl -o /dev/null http://$ECR_REGISTRY/v2/app/manifests/list
                    curl -o /dev/null http://$ECR_REGISTRY/v2/app/referrers/$(digest manifest)
                    aws ecr batch-get-image --repository-name app --image-ids imageTag=one >/dev/null
                    key=$(aws kms create-key --query KeyMetadata.KeyId --output text)
                    aws kms encrypt --key-id $key --plaintext "$(printf 'medlar jelly' | base64)" >/dev/null
                    search
                    """#, timeout: 400)
                let later = try await berth.restartAfterKill(options: "--scrub-rate 0 --log-level trace --event-file $MACHINE/data/events")
                try await later.shell(
                    #"""
                    . ./do
                    search
                    curl -o pulled $blobs/$(digest layer)
                    cmp pulled layer
                    $BERTH keys reencrypt --data $MACHINE/data
                    $BERTH keys reencrypt --repository app --encryption-type KMS_DSSE --data $MACHINE/data
                    search
                    """#, timeout: 400)
                #expect(try await later.stop() == 0)
                try await later.shell(
                    #"""
                    . ./do
                    search
                    # The search finds what there is.
                    cp layer $MACHINE/data/plain
                    ! search
                    """#, timeout: 400)
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
                    $BERTH keys rewrap --data $MACHINE/data | grep 'Everything lies under the newest master keys; 2 old'
                    pull
                    before=$(find $MACHINE/data/blobs -type f)
                    sleep 1
                    $BERTH keys reencrypt --data $MACHINE/data | grep 'No object has keys from before this began'
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
