import Foundation
import Testing

extension IntegrationTests {
    /// What ECR's settings do to real clients.
    @Suite struct SettingsTests {
        @Test func boto3RunsAllItsPaginatorsAndWaiters() async throws {
            try await Berth.with { berth in
                let ran = try await berth.shell("python3 $CLIENTS/walk-ecr-paginators.py")
                #expect(ran == "15 paginators and waiters")
            }
        }

        /// Scanning, replication, pull-through cache and signing are refused, each operation by its name.
        @Test func whatIsMissingSaysSo() async throws {
            try await Berth.with { berth in
                let refused = try await berth.shell("python3 $CLIENTS/call-missing-families.py")
                #expect(refused == "21 operations are refused")
            }
        }

        @Test func boto3WalksAsTerraformDoes() async throws {
            try await Berth.with { berth in try await berth.shell("python3 $CLIENTS/walk-ecr-as-terraform.py") }
        }

        /// The folder of Terraform's plugins; nil, and the run says so, where Terraform and the AWS provider are not installed.
        private func terraformPlugins(_ berth: Berth) async throws -> String? {
            let provider = "find -L /opt/tf-plugins ~/.terraform.d /usr/share/terraform -name 'terraform-provider-aws_*' 2>/dev/null | head -1"
            let found = try await berth.machine.shell("PATH=$PATH:/usr/local/bin; command -v terraform >/dev/null && \(provider) || true")
            if found.isEmpty { print("Terraform or its AWS provider is not installed here: its walk is left out.") }
            return found.isEmpty ? nil : found.components(separatedBy: "/registry.terraform.io/")[0]
        }

        @Test func terraformIsToldWhatIsMissing() async throws {
            try await Berth.with { berth in
                guard let mirror = try await terraformPlugins(berth) else { return }
                let refusal = try await berth.refusal(
                    """
                    PATH=$PATH:/usr/local/bin
                    cp -r $CLIENTS/terraform-ecr-missing missing && cd missing
                    terraform init -no-color -plugin-dir=\(mirror) >/dev/null
                    terraform apply -no-color -auto-approve
                    """)
                let words = refusal.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                for operation in ["CreatePullThroughCacheRule", "PutReplicationConfiguration", "PutRegistryScanningConfiguration"] {
                    #expect(words.contains("Berth does not implement ecr:\(operation) yet."), "\(refusal)")
                }
            }
        }

        @Test func terraformAppliesPlansAndDestroys() async throws {
            try await Berth.with { berth in
                guard let mirror = try await terraformPlugins(berth) else { return }
                try await berth.shell(
                    """
                    PATH=$PATH:/usr/local/bin
                    cp -r $CLIENTS/terraform-ecr terraform && cd terraform
                    terraform init -no-color -plugin-dir=\(mirror) >/dev/null
                    terraform apply -no-color -auto-approve >apply.log || { tail -40 apply.log >&2; exit 1; }
                    terraform plan -no-color -detailed-exitcode >plan.log || { tail -40 plan.log >&2; exit 1; }
                    terraform apply -no-color -auto-approve -var changed=true >change.log || { tail -40 change.log >&2; exit 1; }
                    terraform plan -no-color -detailed-exitcode -var changed=true >plan.log || { tail -40 plan.log >&2; exit 1; }
                    """, timeout: 300)
                #expect(try await berth.shell("PATH=$PATH:/usr/local/bin; cd terraform && terraform output -raw prefix") == "prod")
                #expect(
                    try await berth.shell("PATH=$PATH:/usr/local/bin; cd terraform && terraform output -json names | jq -c sort")
                        == #"["plain","team/app"]"#)
                try await berth.shell(
                    "PATH=$PATH:/usr/local/bin; cd terraform && terraform destroy -no-color -auto-approve -var changed=true >destroy.log || { tail -40 destroy.log >&2; exit 1; }",
                    timeout: 300)
                #expect(try await berth.shell("aws ecr describe-repositories --query 'length(repositories)'") == "0")
                #expect(
                    try await berth.shell("aws ecr describe-repository-creation-templates --query 'length(repositoryCreationTemplates)'") == "0")
            }
        }

        @Test(arguments: Transport.allCases)
        func aPushMakesItsRepository(_ transport: Transport) async throws {
            try await Berth.with(transport) { berth in
                try await berth.login()
                // One endpoint serves all; the machine knows only ECR's names.
                let iam = transport == .tls ? "--endpoint-url https://api.ecr.us-east-1.amazonaws.com" : ""
                let absent = try await berth.refusal("skopeo copy --quiet oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/prod/app:1")
                #expect(absent.contains("The repository with name 'prod/app' does not exist in the registry with id '\(Berth.account)'"))
                try await berth.shell(
                    """
                    aws iam create-role \(iam) --role-name maker --assume-role-policy-document \
                        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ecr.amazonaws.com"},"Action":"sts:AssumeRole"}}'
                    aws ecr create-repository-creation-template --prefix prod --applied-for CREATE_ON_PUSH --image-tag-mutability IMMUTABLE \\
                        --resource-tags Key=team,Value=blue --custom-role-arn arn:aws:iam::\(Berth.account):role/maker
                    skopeo copy --quiet oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/prod/app:1
                    aws ecr get-login-password | podman login --username AWS --password-stdin $ECR_REGISTRY
                    cd $IMAGES; podman pull --quiet oci:layout:tiny
                    podman push --quiet $(podman images --quiet | head -1) $ECR_REGISTRY/prod/by/podman:1
                    """)
                let made = "aws ecr describe-repositories --query 'repositories[].[repositoryName,imageTagMutability]' --output json | jq -c ."
                #expect(try await berth.shell(made) == #"[["prod/app","IMMUTABLE"],["prod/by/podman","IMMUTABLE"]]"#)
                let arn = "arn:aws:ecr:us-east-1:\(Berth.account):repository/prod/app"
                #expect(
                    try await berth.shell("aws ecr list-tags-for-resource --resource-arn \(arn) --query 'tags[].[Key,Value]' --output text")
                        == "team\tblue")
                let refusal = try await berth.refusal("skopeo copy --quiet oci:$IMAGES/layout:foreign docker://$ECR_REGISTRY/prod/app:1")
                #expect(refusal.contains("cannot be overwritten because the tag is immutable"))
                // The layer API makes it as well.
                let upload = "aws ecr initiate-layer-upload --repository-name prod/by/api --query partSize --output text"
                #expect(try await berth.shell(upload) == "10485760")
                #expect(try await berth.shell("aws ecr describe-repositories --query 'length(repositories)'") == "3")
            }
        }

        @Test func exclusionsOfTagsHoldForPushesAndTheAPI() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell(
                    """
                    aws ecr create-repository --repository-name app --image-tag-mutability IMMUTABLE_WITH_EXCLUSION \\
                        --image-tag-mutability-exclusion-filters filterType=WILDCARD,filter=dev-*
                    for tag in dev-1 v1; do skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:$tag; done
                    # The same digest again succeeds on the docker path, also under an immutable tag.
                    skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:v1
                    skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:foreign docker://$ECR_REGISTRY/app:dev-1
                    """)
                let refusal = try await berth.refusal(
                    "skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:foreign docker://$ECR_REGISTRY/app:v1")
                #expect(refusal.contains("The image tag 'v1' already exists in the 'app' repository and cannot be overwritten"))
                let manifest =
                    "$(aws ecr batch-get-image --repository-name app --image-ids imageTag=dev-1 --query 'images[0].imageManifest' --output text)"
                let put = "aws ecr put-image --repository-name app --image-manifest \"\(manifest)\" --image-tag"
                #expect(try await berth.refusal("\(put) v1").contains("ImageTagAlreadyExistsException"))
                #expect(try await berth.refusal("\(put) dev-1").contains("ImageAlreadyExistsException"))
                try await berth.shell(
                    """
                    aws ecr batch-delete-image --repository-name app --image-ids imageTag=v1
                    skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:foreign docker://$ECR_REGISTRY/app:v1
                    """)
            }
        }

        @Test func pullsAreRecordedWithinSecondsAndSurviveAStop() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell(
                    """
                    aws ecr create-repository --repository-name app
                    skopeo copy --quiet oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:1
                    """)
                let lastPull = "aws ecr describe-images --repository-name app --query 'imageDetails[0].lastRecordedPullTime' --output text"
                #expect(try await berth.shell(lastPull) == "None")
                try await berth.shell(
                    """
                    skopeo copy --quiet docker://$ECR_REGISTRY/app:1 dir:$MACHINE/pulled
                    for try in {1..100}; do [ "$(\(lastPull))" != None ] && exit 0; sleep 0.1; done; exit 1
                    """)
            }
        }

        @Test func eventsReachFileAndWebhookOverAKill() async throws {
            let options = """
                --event-file $MACHINE/events.jsonl --event-webhook http://127.0.0.1:7777/hook --event-webhook-network 127.0.0.0/8
                """
            try await Berth.with(options: options.replacing("\n", with: " ")) { berth in
                try await berth.login()
                try await berth.shell(
                    """
                    aws ecr create-repository --repository-name app
                    for tag in 1 2 3; do skopeo copy --quiet oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:$tag; done
                    """)
                // Nobody listens at the webhook yet; the server dies with the events undelivered.
                let restarted = try await berth.restartAfterKill(options: options)
                _ = try await restarted.machine.daemon(
                    "receiver", "exec python3 $CLIENTS/receive-events.py 7777 $MACHINE/data/webhook.secret $MACHINE/received",
                    until: "curl -fsS http://127.0.0.1:7777/")
                try await restarted.shell(
                    "for try in {1..300}; do [ \"$(cat $MACHINE/received 2>/dev/null | wc -l)\" -ge 3 ] && exit 0; sleep 0.1; done; exit 1")
                let tags = "jq -rc '.detail[\"image-tag\"]'"
                #expect(try await restarted.shell("\(tags) $MACHINE/received | tr '\\n' ' '") == "1 2 3 ")
                #expect(try await restarted.shell("\(tags) $MACHINE/events.jsonl | tr '\\n' ' '") == "1 2 3 ")
            }
        }

        /// What happened while no target was set reaches the first one, deletions with a repository among it.
        @Test func theFirstTargetGetsWhatWasBefore() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell(
                    """
                    aws ecr create-repository --repository-name app
                    skopeo copy --quiet oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:1
                    aws ecr delete-repository --repository-name app --force
                    """)
                let restarted = try await berth.restartAfterKill(options: "--event-file $MACHINE/events.jsonl")
                try await restarted.shell(
                    "for try in {1..300}; do [ \"$(cat $MACHINE/events.jsonl 2>/dev/null | wc -l)\" -ge 2 ] && exit 0; sleep 0.1; done; exit 1")
                let told = "jq -rc '.detail | [.[\"action-type\"], .[\"repository-name\"], .[\"image-tag\"]] | join(\" \")' $MACHINE/events.jsonl"
                #expect(try await restarted.shell(told) == "PUSH app 1\nDELETE app 1")
            }
        }

        @Test func ratesOfECRAnswerAsECR() async throws {
            try await Berth.with(options: "--rates ecr --rate PutImage=1 --rate DescribeRepositories=0.01/2") { berth in
                let calls = "for i in 1 2 3 4 5; do AWS_MAX_ATTEMPTS=1 aws ecr describe-repositories >/dev/null; done"
                #expect(try await berth.refusal(calls).contains("(ThrottlingException) when calling the DescribeRepositories operation"))
                // docker's side: the second manifest within a second.
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name app")
                let push = "curl -sS -o /dev/null -w '%{http_code} ' -u AWS:$(aws ecr get-login-password) -X PUT"
                let type = "-H 'Content-Type: application/vnd.oci.image.index.v1+json'"
                let index = #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#
                let codes = try await berth.shell(
                    """
                    password=$(aws ecr get-login-password)
                    for i in 1 2 3 4 5; do \(push.replacing("$(aws ecr get-login-password)", with: "$password")) \(type) -d '\(index)' \
                        http://$ECR_REGISTRY/v2/app/manifests/$i; done
                    """)
                #expect(codes.hasPrefix("201 ") && codes.contains("429"), "\(codes)")
            }
        }
    }
}
