import Testing

extension IntegrationTests {
    /// Users of IAM, with the AWS CLI, boto3 and skopeo: what their policies say holds on the API and on the docker path.
    @Suite struct UserTests {
        @Test func boto3ManagesUsersGroupsAndPolicies() async throws {
            try await Berth.with { berth in
                try await berth.shell("python3 $CLIENTS/manage-users.py")
            }
        }

        /// The environment of a new access key of `user`, for the shell.
        private func signIn(_ user: String, _ berth: Berth) async throws -> String {
            let key = try await berth.shell(
                "aws iam create-access-key --user-name \(user) --query 'AccessKey.[AccessKeyId, SecretAccessKey]' --output text"
            ).split(whereSeparator: \.isWhitespace)
            return "export AWS_ACCESS_KEY_ID=\(try #require(key.first)) AWS_SECRET_ACCESS_KEY=\(try #require(key.last))"
        }

        @Test func aUserMayDoWhatItsPoliciesAllow() async throws {
            try await Berth.with { berth in
                try await berth.login()
                for name in ["app", "other"] {
                    try await berth.shell("aws ecr create-repository --repository-name \(name)")
                    try await berth.shell("skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/\(name):1")
                }
                try await berth.shell("aws iam create-user --user-name puller --path /ci/")
                let asUser = try await signIn("puller", berth)
                #expect(
                    try await berth.shell("\(asUser); aws sts get-caller-identity --query Arn --output text")
                        == "arn:aws:iam::\(Berth.account):user/ci/puller")
                let nothing = try await berth.refusal("\(asUser); aws ecr describe-images --repository-name app")
                let sentence = "User: arn:aws:iam::\(Berth.account):user/ci/puller is not authorized to perform: "
                let app = "arn:aws:ecr:us-east-1:\(Berth.account):repository/app"
                #expect(
                    nothing.contains(
                        "(AccessDeniedException) when calling the DescribeImages operation: \(sentence)ecr:DescribeImages on resource: \(app) "
                            + "because no identity-based policy allows the ecr:DescribeImages action"))

                let policy = """
                    {"Version": "2012-10-17", "Statement": [
                      {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
                      {"Effect": "Allow", "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:DescribeImages"], "Resource": "\(app)"}]}
                    """
                try await berth.shell("aws iam put-user-policy --user-name puller --policy-name pull --policy-document '\(policy)'")
                try await berth.shell("\(asUser); aws ecr describe-images --repository-name app")
                let other = try await berth.refusal("\(asUser); aws ecr describe-images --repository-name other")
                #expect(other.contains("(AccessDeniedException)"))

                let login =
                    "\(asUser); aws ecr get-login-password | skopeo login --authfile $MACHINE/puller.json --username AWS --password-stdin $ECR_REGISTRY"
                try await berth.shell(login)
                let copy = "skopeo copy --authfile $MACHINE/puller.json --quiet"
                try await berth.shell("\(copy) docker://$ECR_REGISTRY/app:1 dir:$MACHINE/pulled")
                let push = try await berth.refusal("\(copy) --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:2")
                // skopeo asks for the blob by HEAD, whose answer has no room for a sentence.
                #expect(push.contains("403 (Forbidden)"))
                let foreign = try await berth.refusal("\(copy) docker://$ECR_REGISTRY/other:1 dir:$MACHINE/other")
                #expect(foreign.contains("denied: \(sentence)ecr:BatchGetImage on resource: \(app.replacing("app", with: "other"))"))

                let explain = "$BERTH iam explain --data $MACHINE/data --principal arn:aws:iam::\(Berth.account):user/ci/puller --action ecr:PutImage"
                let explained = try await berth.shell(
                    "\(explain) --resource \(app); \(explain.replacing("PutImage", with: "BatchGetImage")) --resource \(app)")
                #expect(
                    explained == "Denied: no statement allows it.\n\(sentence)ecr:PutImage on resource: \(app) "
                        + "because no identity-based policy allows the ecr:PutImage action\nAllowed by statement 2 of the identity-based policy pull."
                )

                // The next request sees the policy gone, with the same docker password.
                try await berth.shell("aws iam delete-user-policy --user-name puller --policy-name pull")
                let gone = try await berth.refusal("\(copy) docker://$ECR_REGISTRY/app:1 dir:$MACHINE/again")
                #expect(gone.contains("denied: \(sentence)ecr:BatchGetImage"))
            }
        }

        @Test func anyoneMayPullWhatAPolicyGivesToEveryone() async throws {
            try await Berth.with { berth in
                try await berth.login()
                try await berth.shell("aws ecr create-repository --repository-name app")
                try await berth.shell("skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:1")
                let pull = "skopeo copy --quiet --src-no-creds docker://$ECR_REGISTRY/app:1 dir:$MACHINE/anyone"
                #expect(try await berth.refusal(pull).contains("authentication required"))
                let actions = #"["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]"#
                let policy = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":\#(actions)}]}"#
                try await berth.shell("aws ecr set-repository-policy --repository-name app --policy-text '\(policy)'")
                try await berth.shell(pull)
                let push = "skopeo copy --quiet --preserve-digests --dest-no-creds oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:2"
                #expect(try await berth.refusal(push).contains("authentication required"))
            }
        }

        @Test func aDeletedUsersNameDoesNotBringItsRightsBack() async throws {
            try await Berth.with { berth in
                try await berth.shell("aws ecr create-repository --repository-name app && aws iam create-user --user-name bob")
                let bob = "arn:aws:iam::\(Berth.account):user/bob"
                let policy = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"\#(bob)"},"Action":"ecr:DescribeImages"}]}"#
                try await berth.shell("aws ecr set-repository-policy --repository-name app --policy-text '\(policy)'")
                let first = try await signIn("bob", berth)
                try await berth.shell("\(first); aws ecr describe-images --repository-name app")

                let key = try await berth.shell("aws iam list-access-keys --user-name bob --query 'AccessKeyMetadata[0].AccessKeyId' --output text")
                try await berth.shell("aws iam delete-access-key --user-name bob --access-key-id \(key) && aws iam delete-user --user-name bob")
                #expect(try await berth.refusal("\(first); aws ecr describe-images --repository-name app").contains("(UnrecognizedClientException)"))
                try await berth.shell("aws iam create-user --user-name bob")
                let second = try await signIn("bob", berth)
                #expect(try await berth.refusal("\(second); aws ecr describe-images --repository-name app").contains("(AccessDeniedException)"))
            }
        }
    }
}
