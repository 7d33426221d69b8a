import Testing

extension IntegrationTests {
    /// Two accounts of one server, of whom one asks for as much as it can.
    @Suite struct TenantTests {
        @Test func whoFloodsTheServerIsRefusedAndTheOtherIsNot() async throws {
            try await Berth.with(options: "--rate DescribeRepositories=20 --rate ListImages=20 --rate BatchGetImage=20") { berth in
                let flood = """
                    import boto3, collections, os, threading, time
                    from botocore.config import Config
                    from botocore.exceptions import ClientError
                    answers, end = collections.Counter(), time.monotonic() + 6
                    def ask():
                        ecr = boto3.client("ecr", config=Config(retries={"total_max_attempts": 1}))
                        while time.monotonic() < end:
                            try:
                                ecr.describe_repositories()
                                answers["answered"] += 1
                            except ClientError as error:
                                answers[error.response["Error"]["Code"]] += 1
                    threads = [threading.Thread(target=ask) for _ in range(4)]
                    for thread in threads: thread.start()
                    for thread in threads: thread.join()
                    print(answers["answered"], answers["ThrottlingException"], len(answers))
                    """
                let answers = try await berth.shell(
                    """
                    $BERTH account create --data $MACHINE/data --id 210987654321 >/dev/null
                    python3 -c '\(flood)' >flood &
                    sleep 1
                    export AWS_MAX_ATTEMPTS=1 AWS_SHARED_CREDENTIALS_FILE=$MACHINE/data/client-credentials-210987654321
                    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
                    aws ecr create-repository --repository-name app >/dev/null
                    credentials=AWS:$(aws ecr get-login-password)
                    skopeo copy --quiet --dest-creds $credentials oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:1
                    skopeo copy --quiet --src-creds $credentials docker://$ECR_REGISTRY/app:1 dir:$MACHINE/pulled
                    aws ecr describe-repositories --query 'repositories[].registryId' --output text
                    kill -0 $! && echo flooded
                    wait
                    cat flood
                    """
                ).split(separator: "\n")
                #expect(answers.count == 3 && answers[0] == "210987654321" && answers[1] == "flooded", "all of it while the flood lasted: \(answers)")
                let counts = (answers.last ?? "").split(separator: " ").compactMap { Int($0) }
                // Of the flood, what the bucket has and gets in so many seconds, and all of the rest in ECR's words.
                #expect(counts.count == 3 && counts[0] <= 20 * 8 && counts[1] > counts[0] && counts[2] == 2, "\(answers)")
            }
        }
    }
}
