import Testing

extension IntegrationTests {
    /// What CI systems call, in their order, with roles and tokens of an OpenID Connect issuer: `docs/ci-cd.md`.
    @Suite struct CICDTests {
        private static let issuer = "https://localhost:8443"
        private static let provider = "arn:aws:iam::\(Berth.account):oidc-provider/localhost:8443"
        private static let role = "arn:aws:iam::\(Berth.account):role/ci/Deploy"

        /// Runs `body` with a server that trusts an issuer, and a role for it that may push and pull.
        private func trusting(keys: String, _ body: (Berth) async throws -> Void) async throws {
            let settings = "--issuer-network 127.0.0.0/8 --issuer-network ::1 --issuer-authority $MACHINE/issuer/ca.crt"
            try await Berth.with(on: "$CLIENTS/oidc-issuer init $MACHINE/issuer", options: settings) { berth in
                try await berth.shell(
                    """
                    aws iam create-open-id-connect-provider --url \(Self.issuer) --client-id-list sts.amazonaws.com >/dev/null
                    cat >trust.json <<'END'
                    {"Version": "2012-10-17", "Statement": [
                      {"Effect": "Allow", "Principal": {"Federated": "\(Self.provider)"}, "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
                       "Condition": {"StringEquals": {"localhost:8443:aud": "sts.amazonaws.com"},
                                     "StringLike": {"localhost:8443:sub": "repo:acme/app:*"}}},
                      {"Effect": "Allow", "Principal": {"AWS": "\(Berth.account)"}, "Action": ["sts:AssumeRole", "sts:TagSession"],
                       "Condition": {"StringEquals": {"sts:ExternalId": "shared"}}}]}
                    END
                    cat >push.json <<'END'
                    {"Version": "2012-10-17", "Statement": [
                      {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
                      {"Effect": "Allow", "Resource": "arn:aws:ecr:us-east-1:\(Berth.account):repository/app", "Action": [
                        "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:GetDownloadUrlForLayer",
                        "ecr:InitiateLayerUpload", "ecr:ListImages", "ecr:PutImage", "ecr:UploadLayerPart"]}]}
                    END
                    aws iam create-role --path /ci/ --role-name Deploy --assume-role-policy-document file://trust.json >/dev/null
                    aws iam put-role-policy --role-name Deploy --policy-name push --policy-document file://push.json
                    aws ecr create-repository --repository-name app >/dev/null
                    aws ecr create-repository --repository-name secret >/dev/null
                    """)
                switch keys {
                case "discovery":
                    let server = "exec $CLIENTS/oidc-issuer serve $MACHINE/issuer 8443"
                    _ = try await berth.machine.daemon(
                        "issuer", server, until: "curl -fsS --cacert $MACHINE/issuer/ca.crt \(Self.issuer)/keys")
                default: try await berth.shell("$BERTH oidc set-keys --data $MACHINE/data --jwks $MACHINE/issuer/jwks.json \(Self.provider)")
                }
                try await body(berth)
            }
        }

        private func token(_ sub: String = "repo:acme/app:ref:refs/heads/main") -> String {
            #"$($CLIENTS/oidc-issuer token $MACHINE/issuer \#(Self.issuer) '{"sub": "\#(sub)", "aud": "sts.amazonaws.com"}')"#
        }

        /// Forgets the root's key, and assumes the role as `aws-actions/configure-aws-credentials` does.
        private var assume: String {
            """
            unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SHARED_CREDENTIALS_FILE
            eval "$(aws sts assume-role-with-web-identity --role-arn \(Self.role) --role-session-name GitHubActions --duration-seconds 3600 \\
                --web-identity-token "\(token())" --output json | jq -r '.Credentials |
                "export AWS_ACCESS_KEY_ID=\\(.AccessKeyId) AWS_SECRET_ACCESS_KEY=\\(.SecretAccessKey) AWS_SESSION_TOKEN=\\(.SessionToken)"')"
            """
        }

        @Test("GitHub's configure-aws-credentials, then amazon-ecr-login, then push and pull", arguments: ["uploaded", "discovery"])
        func github(_ keys: String) async throws {
            try await trusting(keys: keys) { berth in
                let identity = try await berth.shell("\(assume); aws sts get-caller-identity --query Arn --output text")
                #expect(identity == "arn:aws:sts::\(Berth.account):assumed-role/Deploy/GitHubActions")
                // The action splits the decoded token at its first colon, and loses what is after a second one.
                let digests = try await berth.shell(
                    """
                    \(assume)
                    aws ecr get-authorization-token --query 'authorizationData[0].authorizationToken' --output text | base64 -d >decoded
                    [ "$(tr -cd : <decoded | wc -c)" = 1 ] && [ "$(cut -d: -f1 decoded)" = AWS ] && [ "$(wc -c <decoded)" -lt 2500 ]
                    cut -d: -f2 decoded | skopeo login --username AWS --password-stdin $ECR_REGISTRY >/dev/null
                    skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:1
                    podman pull --quiet $ECR_REGISTRY/app:1 >/dev/null
                    skopeo inspect --format '{{.Digest}}' docker://$ECR_REGISTRY/app:1
                    """)
                #expect(digests.hasPrefix("sha256:"))
                _ = try await berth.refusal("\(assume); skopeo copy --quiet oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/secret:1")
                let denied = try await berth.shell(
                    "\(assume); curl -sS -u AWS:$(aws ecr get-login-password) http://$ECR_REGISTRY/v2/secret/tags/list")
                #expect(
                    denied.contains("arn:aws:sts::\(Berth.account):assumed-role/Deploy/GitHubActions is not authorized to perform: ecr:"), "\(denied)"
                )

                let stranger = try await berth.refusal(
                    """
                    aws sts assume-role-with-web-identity --role-arn \(Self.role) --role-session-name stranger --web-identity-token "\(token("repo:evil/app:x"))"
                    """)
                #expect(stranger.contains("(AccessDenied)") && stranger.contains("Not authorized to perform sts:AssumeRoleWithWebIdentity"))
            }
        }

        @Test("configure-aws-credentials with static keys: tags, transitive tags and an external id") func staticKeys() async throws {
            try await trusting(keys: "uploaded") { berth in
                let arn = try await berth.shell(
                    """
                    aws iam create-user --user-name ci >/dev/null
                    aws iam put-user-policy --user-name ci --policy-name assume --policy-document \\
                        '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Resource": "\(Self.role)"}}'
                    eval "$(aws iam create-access-key --user-name ci --output json | jq -r '.AccessKey |
                        "export AWS_ACCESS_KEY_ID=\\(.AccessKeyId) AWS_SECRET_ACCESS_KEY=\\(.SecretAccessKey)"')"
                    [ "$(aws sts get-caller-identity --query Arn --output text)" = arn:aws:iam::\(Berth.account):user/ci ]
                    aws sts assume-role --role-arn \(Self.role) --role-session-name GitHubActions --duration-seconds 3600 --external-id shared \\
                        --tags Key=GitHub,Value=Actions Key=Repository,Value=acme/app Key=Commit,Value=abc --transitive-tag-keys Repository \\
                        --query AssumedRoleUser.Arn --output text
                    """)
                #expect(arn == "arn:aws:sts::\(Berth.account):assumed-role/Deploy/GitHubActions")
            }
        }

        @Test("GitLab and CodeBuild: the AWS CLI finds role and token in the environment") func gitlab() async throws {
            try await trusting(keys: "uploaded") { berth in
                let digest = try await berth.shell(
                    """
                    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SHARED_CREDENTIALS_FILE
                    echo -n "\(token())" >id-token
                    export AWS_ROLE_ARN=\(Self.role) AWS_WEB_IDENTITY_TOKEN_FILE=$PWD/id-token AWS_ROLE_SESSION_NAME=gitlab-42
                    aws ecr get-login-password | skopeo login --username AWS --password-stdin $ECR_REGISTRY >/dev/null
                    skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:gitlab
                    skopeo inspect --format '{{.Digest}}' docker://$ECR_REGISTRY/app:gitlab
                    """)
                #expect(digest.hasPrefix("sha256:"))
            }
        }

        @Test("Jenkins: the authorization token goes on unchanged as docker's auth") func jenkins() async throws {
            try await trusting(keys: "uploaded") { berth in
                let tags = try await berth.shell(
                    """
                    \(assume)
                    auth=$(aws ecr get-authorization-token --query 'authorizationData[0].authorizationToken' --output text)
                    skopeo logout --all >/dev/null 2>&1 || true
                    echo "{\\"auths\\": {\\"$ECR_REGISTRY\\": {\\"auth\\": \\"$auth\\"}}}" >docker-auth.json
                    skopeo copy --quiet --authfile docker-auth.json oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:jenkins
                    curl -fsS -H "Authorization: Basic $auth" http://$ECR_REGISTRY/v2/app/tags/list | jq -c .tags
                    """)
                #expect(tags == #"["jenkins"]"#)
            }
        }

        @Test("Terraform's first calls tell account and user") func terraform() async throws {
            try await Berth.with { berth in
                let answers = try await berth.shell(
                    """
                    aws sts get-caller-identity --query Account --output text
                    aws iam get-user --query User.Arn --output text
                    aws iam list-roles --max-items 1 --query 'length(Roles)' --output text | head -1
                    """)
                #expect(answers.split(separator: "\n").prefix(2) == [Berth.account[...], "arn:aws:iam::\(Berth.account):root"])
            }
        }

        @Test("A presigned GetCallerIdentity proves who one is to others, and curl signs as AWS does") func otherSigners() async throws {
            try await trusting(keys: "uploaded") { berth in
                let answers = try await berth.shell(
                    """
                    \(assume)
                    python3 - <<'END'
                    import boto3, os, urllib.request
                    sts = boto3.client("sts")
                    url = sts.generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET")
                    print(urllib.request.urlopen(url).read().decode().split("<Arn>")[1].split("</Arn>")[0])
                    try:
                        urllib.request.urlopen(url.replace("X-Amz-Security-Token=", "X-Amz-Security-Token=A"))
                    except urllib.error.HTTPError as error:
                        print(error.code)
                    END
                    curl -fsS --aws-sigv4 aws:amz:us-east-1:sts --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \\
                        -H "X-Amz-Security-Token: $AWS_SESSION_TOKEN" -d 'Action=GetCallerIdentity&Version=2011-06-15' $AWS_ENDPOINT_URL/ |
                        grep -o '<Arn>[^<]*'
                    curl -sS -o /dev/null -w '%{http_code}' --aws-sigv4 aws:amz:us-east-1:sts --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \\
                        -d 'Action=GetCallerIdentity&Version=2011-06-15' $AWS_ENDPOINT_URL/
                    """)
                let arn = "arn:aws:sts::\(Berth.account):assumed-role/Deploy/GitHubActions"
                #expect(answers.split(separator: "\n") == [arn[...], "403", "<Arn>\(arn)"[...], "403"])
            }
        }

        @Test("What was given out is taken back: by token, by role, and by a policy that denies by time of issue") func revocation() async throws {
            try await trusting(keys: "uploaded") { berth in
                let login = "\(assume); aws ecr get-login-password | skopeo login --username AWS --password-stdin $ECR_REGISTRY >/dev/null"
                let push = "skopeo copy --quiet oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:1"
                try await berth.shell("\(login); \(push)")
                let line = try await berth.shell("$BERTH token list --data $MACHINE/data | sed -n 2p")
                #expect(line.hasSuffix("assumed-role/Deploy/GitHubActions"))
                try await berth.shell("$BERTH token revoke --data $MACHINE/data \(line.prefix { $0 != " " })")
                _ = try await berth.refusal(push)

                try await berth.shell("\(login); \(push); $BERTH token revoke --data $MACHINE/data --principal \(Self.role)")
                _ = try await berth.refusal(push)

                try await berth.shell("sleep 1; \(login); \(push); aws ecr get-login-password >password")
                try await berth.shell(
                    """
                    sleep 1.1
                    aws iam put-role-policy --role-name Deploy --policy-name AWSRevokeOlderSessions --policy-document \\
                        "{\\"Version\\": \\"2012-10-17\\", \\"Statement\\": {\\"Effect\\": \\"Deny\\", \\"Action\\": \\"*\\", \\"Resource\\": \\"*\\",
                          \\"Condition\\": {\\"DateLessThan\\": {\\"aws:TokenIssueTime\\": \\"$(date -u +%FT%TZ)\\"}}}}"
                    """)
                _ = try await berth.refusal(push)
                let denied = try await berth.shell("curl -sS -u AWS:$(cat password) http://$ECR_REGISTRY/v2/app/tags/list")
                #expect(denied.contains("with an explicit deny in an identity-based policy"), "\(denied)")
                try await berth.shell("sleep 1; \(login); \(push)")
            }
        }

        @Test("A further account is another registry, with a root of its own") func accounts() async throws {
            try await Berth.with { berth in
                let answers = try await berth.shell(
                    """
                    $BERTH account create --data $MACHINE/data --id 210987654321 >/dev/null
                    [ "$(stat -c %a $MACHINE/data/client-credentials-210987654321)" = 600 ]
                    aws ecr create-repository --repository-name app >/dev/null
                    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
                    export AWS_SHARED_CREDENTIALS_FILE=$MACHINE/data/client-credentials-210987654321
                    aws sts get-caller-identity --query Arn --output text
                    aws ecr describe-repositories --query 'length(repositories)' --output text
                    $BERTH account list --data $MACHINE/data
                    $BERTH account reset-root-key --data $MACHINE/data --account 210987654321 >/dev/null
                    aws sts get-caller-identity --query Account --output text
                    """)
                #expect(
                    answers.split(separator: "\n").map { $0.trimmingPrefix(while: \.isWhitespace) }
                        == ["arn:aws:iam::210987654321:root", "0", "123456789012  default", "210987654321", "210987654321"])
                let refused = try await berth.refusal("$BERTH account create --data $MACHINE/data --id 210987654321")
                #expect(refused.contains("There is an account 210987654321 already."))
            }
        }

        @Test("berth debug sigv4 says what the server would, and why") func debugSignature() async throws {
            try await Berth.with { berth in
                let answers = try await berth.shell(
                    """
                    export AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
                    unset AWS_SESSION_TOKEN
                    cat >request <<'END'
                    GET / HTTP/1.1
                    Host:example.amazonaws.com
                    X-Amz-Date:20150830T123600Z
                    Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31

                    END
                    $BERTH debug sigv4 --clock 2015-08-30T12:36:00Z request | tail -1
                    $BERTH debug sigv4 --clock 2015-08-30T12:52:00Z request | tail -1 || true
                    sed s/GET/POST/ request | $BERTH debug sigv4 --clock 2015-08-30T12:36:00Z | tail -1 || true
                    """)
                let lines = answers.split(separator: "\n")
                #expect(lines.first == "Verdict: accepted")
                #expect(lines.dropFirst().first?.hasPrefix("Verdict: refused, SignatureDoesNotMatch: Signature expired: 20150830T123600Z") == true)
                #expect(lines.suffix(1).first?.hasPrefix("Verdict: refused, SignatureDoesNotMatch") == true, "\(answers)")
            }
        }
    }
}
