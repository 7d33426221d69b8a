import AWSCore
import Foundation
import RemoteKMS
import Stores
import Testing

extension IntegrationTests {
    /// The KMS API by boto3, and the keys of another service, moto's.
    @Suite struct KMSTests {
        @Test func walksTheWholeAPI() async throws {
            try await Berth.with { berth in
                let walked = try await berth.shell("python3 $CLIENTS/walk-kms.py")
                #expect(walked == "walked")
            }
        }

        @Test func usesTheKeysOfAnotherService() async throws {
            let moto = try await Moto.start()
            defer { moto.stop() }
            let context = ["aws:ecr:arn": "arn:aws:ecr:us-east-1:123456789012:repository/app"]
            try await moto.withKeys(cacheLife: .zero, grantee: "arn:aws:iam::123456789012:user/berth") { keys in
                let key = try await keys.key(try await moto.makeKey(), in: KeyPlace(account: "123456789012", region: "us-east-1"))
                #expect(key.state == .enabled)
                let grant = try await keys.createGrant(on: key.arn, for: context, name: "ecr-1")
                let dataKey = try await keys.generateDataKey(under: key.arn, context: context)
                #expect(try await keys.decrypt(dataKey.wrapped, under: key.arn, context: context) == dataKey.plaintext)
                await expect(.invalidCiphertext) { _ = try await keys.decrypt(dataKey.wrapped, under: key.arn, context: [:]) }

                let other = try await keys.key(try await moto.makeKey(), in: KeyPlace(account: "123456789012", region: "us-east-1")).arn
                let moved = try await keys.reEncrypt(dataKey.wrapped, from: key.arn, context, to: other, context)
                #expect(try await keys.decrypt(moved, under: other, context: context) == dataKey.plaintext)
                try await keys.retireGrant(grant, on: key.arn)
                try await keys.retireGrant(grant, on: key.arn)
                await expect(.notFound) {
                    _ = try await keys.key("alias/nothing", in: KeyPlace(account: "123456789012", region: "us-east-1"))
                }
                try await keys.checkHealth()
            }
        }

        @Test func aDisabledKeyIsNoticedWhenTheCacheHasLived() async throws {
            let moto = try await Moto.start()
            defer { moto.stop() }
            let key = try await moto.makeKey()
            // moto takes no ARN for this.
            let id = key.split(separator: "/").last.map(String.init) ?? ""
            try await moto.withKeys(cacheLife: .seconds(2)) { keys in
                let dataKey = try await keys.generateDataKey(under: key, context: [:])
                try await keys.requireUsable(key, context: [:])
                try await moto.kms("disable_key(KeyId='\(id)')")
                let disabled = ContinuousClock.now
                #expect(try await keys.decrypt(dataKey.wrapped, under: key, context: [:]) == dataKey.plaintext)
                // moto itself decrypts under disabled keys, as AWS does not: what it says of the key's state is what counts.
                await eventually { await failure { try await keys.requireUsable(key, context: [:]) } == .disabled }
                #expect(ContinuousClock.now - disabled < .seconds(10))
                try await moto.kms("enable_key(KeyId='\(id)')")
                #expect(try await keys.decrypt(dataKey.wrapped, under: key, context: [:]) == dataKey.plaintext)
            }
        }

        @Test func anOutageIsAnErrorAndPasses() async throws {
            let moto = try await Moto.start()
            defer { moto.stop() }
            let key = try await moto.makeKey()
            try await moto.withKeys(cacheLife: .seconds(2)) { keys in
                let dataKey = try await keys.generateDataKey(under: key, context: [:])
                moto.pause()
                #expect(try await keys.decrypt(dataKey.wrapped, under: key, context: [:]) == dataKey.plaintext)
                await eventually(within: .seconds(60)) {
                    await failure { _ = try await keys.decrypt(dataKey.wrapped, under: key, context: [:]) } == .unavailable
                }
                moto.resume()
                #expect(try await keys.decrypt(dataKey.wrapped, under: key, context: [:]) == dataKey.plaintext)
            }
        }

        /// On both planes, and for whoever pulls: a key that is disabled closes its repository, and opens it when it is enabled again.
        @Test func aDisabledKeyClosesItsRepositories() async throws {
            try await Berth.with { berth in
                try await berth.login()
                let key = try await berth.shell("aws kms create-key --query KeyMetadata.Arn --output text")
                try await berth.shell("aws ecr create-repository --repository-name app --encryption-configuration encryptionType=KMS,kmsKey=\(key)")
                try await berth.shell("skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:1")
                let pull = "skopeo copy --quiet docker://$ECR_REGISTRY/app:1 dir:$MACHINE/$RANDOM"
                try await berth.shell(pull)

                try await berth.shell("aws kms disable-key --key-id \(key)")
                let refused = try await berth.refusal(pull)
                #expect(refused.contains("is disabled"))
                let pushed = try await berth.refusal(
                    "skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:2")
                #expect(pushed.contains("is disabled"))
                let failure = try await berth.shell(
                    "aws ecr batch-get-image --repository-name app --image-ids imageTag=1 --query failures[0].failureCode --output text")
                #expect(failure == "KmsError")
                let upload = try await berth.refusal("aws ecr initiate-layer-upload --repository-name app")
                #expect(upload.contains("KmsException"))

                try await berth.shell("aws kms enable-key --key-id \(key)")
                try await berth.shell(pull)
                try await berth.shell("aws kms schedule-key-deletion --key-id \(key) --pending-window-in-days 7")
                _ = try await berth.refusal(pull)
                try await berth.shell("aws kms cancel-key-deletion --key-id \(key) && aws kms enable-key --key-id \(key)")
                try await berth.shell(pull)
            }
        }

        /// A download and an upload that are under way when their key is disabled: the one breaks off, and never ends as if it were whole, the other is
        /// refused. Both can be done again, and the download gone on with, when the key is enabled.
        @Test(arguments: ["KMS", "KMS_DSSE"]) func aKeyIsDisabledInTheMiddle(_ kind: String) async throws {
            try await Berth.with { berth in
                try await berth.shell(
                    #"""
                    key=$(aws kms create-key --query KeyMetadata.Arn --output text)
                    aws ecr create-repository --repository-name app --encryption-configuration encryptionType=\#(kind),kmsKey=$key
                    head -c 40000000 /dev/urandom >layer
                    digest=sha256:$(sha256sum layer | cut -d' ' -f1)
                    blobs=http://$ECR_REGISTRY/v2/app/blobs
                    password=$(aws ecr get-login-password)
                    curl() { command curl -sS -u "AWS:$password" "$@"; }
                    begin() { curl -f -D - -o answer -X POST $blobs/uploads/ | sed -n 's/^location: *\([^[:space:]]*\).*/\1/Ip'; }
                    curl -f -X PUT --data-binary @layer "${blobs%/v2/*}$(begin)?digest=$digest"

                    location=$(begin)
                    status=0
                    curl -f --limit-rate 4M -o part $blobs/$digest 2>errors & pull=$!
                    curl --limit-rate 4M -o refusal -w '%{http_code}' -X PUT -H 'Content-Type: application/octet-stream' -T layer \
                        "${blobs%/v2/*}$location?digest=$digest" >code 2>errors-of-push & push=$!
                    for try in {1..100}; do if [ -s part ]; then break; fi; sleep 0.05; done
                    sleep 1
                    aws kms disable-key --key-id $key
                    wait $pull || status=$?
                    # 18: fewer bytes than were announced; 56: the connection broke.
                    [ $status = 18 ] || [ $status = 56 ]
                    size=$(stat -c %s part)
                    [ $size -gt 0 ]
                    [ $size -lt 40000000 ]
                    cmp -n $size part layer
                    wait $push || true
                    [ "$(cat code)" != 201 ]
                    [ "$(curl -o refused -w '%{http_code}' $blobs/$digest)" = 403 ]

                    aws kms enable-key --key-id $key
                    curl -f -C $size -o - $blobs/$digest >>part
                    cmp part layer
                    curl -f -X PUT --data-binary @layer "${blobs%/v2/*}$(begin)?digest=$digest"
                    """#, timeout: 400)
            }
        }

        /// The keys of repositories in moto: a push and a pull, an outage, and its end.
        @Test(arguments: ["KMS", "KMS_DSSE"]) func repositoriesLieUnderTheKeysOfAnotherService(_ kind: String) async throws {
            try await Moto.install()
            try await Berth.with(
                on: "printf '[default]\\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\\naws_secret_access_key = secret\\n' >$MACHINE/kms",
                options: "--kms-endpoint http://localhost:5001 --kms-credentials $MACHINE/kms --kms-cache 0"
            ) { berth in
                _ = try await berth.machine.daemon(
                    "moto", "\(Moto.environment)/bin/moto_server -H localhost -p 5001 & echo $! >$MACHINE/moto-server.pid; wait",
                    until: "curl -fsS http://localhost:5001/moto-api/")
                try await berth.login()
                let key = try await berth.shell(
                    "aws kms create-key --endpoint-url http://localhost:5001 --query KeyMetadata.Arn --output text")
                try await berth.shell(
                    "aws ecr create-repository --repository-name app --encryption-configuration encryptionType=\(kind),kmsKey=\(key)")
                let shown = try await berth.shell(
                    "aws ecr describe-repositories --query 'repositories[0].encryptionConfiguration.[encryptionType,kmsKey]' --output text")
                #expect(shown == "\(kind)\t\(key)")
                try await berth.shell("skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:1")
                let pull = "skopeo copy --quiet --retry-times 0 docker://$ECR_REGISTRY/app:1 dir:$MACHINE/$RANDOM"
                try await berth.shell(pull)
                try await berth.shell("kill -STOP $(cat $MACHINE/moto-server.pid)")
                _ = try await berth.refusal(pull)
                try await berth.shell("kill -CONT $(cat $MACHINE/moto-server.pid)")
                try await berth.shell(pull)

                // And away from there: nothing of the other service is needed then.
                try await berth.shell("$BERTH keys reencrypt --repository app --encryption-type AES256 --data $MACHINE/data")
                try await berth.shell("kill $(cat $MACHINE/moto-server.pid)")
                try await berth.shell(pull)
            }
        }

        /// The root key lies under a key of moto: nothing in the data folder opens it, an unreachable service is a clear refusal to start, and a backup
        /// opens with the same key. One that was a file is put under it by the AWS CLI.
        @Test func theRootKeyLiesUnderAKeyOfAnotherService() async throws {
            try await Moto.install()
            try await Machine.with { machine in
                _ = try await machine.daemon(
                    "moto", "\(Moto.environment)/bin/moto_server -H localhost -p 5001 & echo $! >$MACHINE/moto-server.pid; wait",
                    until: "curl -fsS http://localhost:5001/moto-api/")
                func start(_ options: String = "") async throws -> Daemon {
                    try await machine.daemon(
                        "berth", "exec $BERTH serve --data $MACHINE/data --config $MACHINE/berth.yaml --scrub-rate 0 \(options)",
                        until: "curl -fsS http://localhost:5000/readyz")
                }
                try await machine.shell(
                    #"""
                    export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=secret AWS_DEFAULT_REGION=us-east-1
                    printf '[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n' >$MACHINE/kms
                    key=$(aws kms create-key --endpoint-url http://localhost:5001 --query KeyMetadata.Arn --output text)
                    printf 'kms-endpoint: http://localhost:5001\nkms-credentials: %s\nroot-kms-key: %s\n' $MACHINE/kms $key >$MACHINE/berth.yaml
                    """#)
                let berth = try await start()
                let use = #"""
                    eval "$($BERTH env --data $MACHINE/data)"
                    layer=sha256:$(printf 'quince marmalade' | sha256sum | cut -d' ' -f1)
                    curl() { command curl -fsS -u "AWS:$(aws ecr get-login-password)" "$@"; }
                    """#
                try await machine.shell(
                    use + #"""

                        aws ecr create-repository --repository-name app
                        blobs=http://$ECR_REGISTRY/v2/app/blobs
                        location=$(curl -D - -o answer -X POST $blobs/uploads/ | sed -n 's/^location: *\([^[:space:]]*\).*/\1/Ip')
                        printf 'quince marmalade' | curl -X PUT --data-binary @- "${blobs%/v2/*}$location?digest=$layer"
                        [ ! -e $MACHINE/data/root.key ]
                        [ $(stat -c %a $MACHINE/data/root.key.kms) = 400 ]
                        $BERTH backup --data $MACHINE/data --config $MACHINE/berth.yaml $MACHINE/backup | grep 'has sealed it'
                        """#)
                try await berth.stop()

                // The service does not answer: a sentence, and no start.
                try await machine.shell("kill -STOP $(cat $MACHINE/moto-server.pid)")
                let refused = try await machine.refusal("timeout 110 $BERTH serve --data $MACHINE/data --config $MACHINE/berth.yaml")
                #expect(refused.contains("cannot be opened by the key management service http://localhost:5001"), "\(refused)")
                try await machine.shell("kill -CONT $(cat $MACHINE/moto-server.pid)")
                let without = try await machine.refusal("$BERTH fsck --data $MACHINE/data")
                #expect(without.contains("root key"), "\(without)")

                // Restored elsewhere, it opens again.
                try await machine.shell(
                    """
                    mv $MACHINE/data $MACHINE/gone
                    $BERTH restore --data $MACHINE/data --config $MACHINE/berth.yaml $MACHINE/backup
                    cp $MACHINE/gone/client-credentials $MACHINE/data
                    """)
                let restored = try await start()
                try await machine.shell(use + #"; [ "$(curl http://$ECR_REGISTRY/v2/app/blobs/$layer)" = 'quince marmalade' ]"#)
                try await restored.stop()

                // A root key that was a file, put under the key: docs/encryption.md.
                try await machine.shell("mv $MACHINE/data $MACHINE/gone-too; mv $MACHINE/berth.yaml $MACHINE/later.yaml; touch $MACHINE/berth.yaml")
                let plain = try await start()
                try await machine.shell(use + "; aws ecr create-repository --repository-name kept")
                try await plain.stop()
                try await machine.shell(
                    #"""
                    export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=secret AWS_DEFAULT_REGION=us-east-1
                    mv $MACHINE/later.yaml $MACHINE/berth.yaml
                    key=$(sed -n 's/^root-kms-key: //p' $MACHINE/berth.yaml)
                    blob=$(aws kms encrypt --endpoint-url http://localhost:5001 --key-id $key --plaintext fileb://$MACHINE/data/root.key \
                        --encryption-context berth:secret=root --query CiphertextBlob --output text)
                    printf '{"KeyId": "%s", "CiphertextBlob": "%s", "EncryptionContext": {"berth:secret": "root"}}' $key $blob >$MACHINE/data/root.key.kms
                    rm -f $MACHINE/data/root.key
                    """#)
                let moved = try await start()
                try await machine.shell(use + "; aws ecr describe-repositories --repository-names kept")
                try await moved.stop()
            }
        }

        private func expect(_ code: KeyFailure.Code, _ body: () async throws -> Void, location: SourceLocation = #_sourceLocation) async {
            #expect(await failure(body) == code, sourceLocation: location)
        }

        private func failure(_ body: () async throws -> Void) async -> KeyFailure.Code? {
            do {
                try await body()
                return nil
            } catch let failure as KeyFailure {
                return failure.code
            } catch {
                Issue.record(error)
                return nil
            }
        }

        private func eventually(within limit: Duration = .seconds(10), _ condition: () async -> Bool, location: SourceLocation = #_sourceLocation)
            async
        {
            let end = ContinuousClock.now + limit
            while ContinuousClock.now < end {
                if await condition() { return }
                await Task.yield()
            }
            Issue.record("it did not come about", sourceLocation: location)
        }
    }
}
