import Testing

extension IntegrationTests {
    /// Lifecycle policies by boto3, by the command line, and as skopeo sees them.
    @Suite struct LifecycleTests {
        /// Three images in one repository, the oldest first.
        private func push(to berth: Berth) async throws {
            try await berth.login()
            try await berth.shell(
                """
                aws ecr create-repository --repository-name app
                skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:foreign docker://$ECR_REGISTRY/app:v1
                skopeo copy --quiet --preserve-digests oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:v2
                skopeo copy --quiet --format v2s2 oci:$IMAGES/layout:tiny docker://$ECR_REGISTRY/app:v3
                """)
        }

        @Test func expiresWhatSkopeoPushed() async throws {
            try await Berth.with { berth in
                try await push(to: berth)
                try await berth.shell("python3 $CLIENTS/walk-lifecycle.py")
                let absent = try await berth.refusal("skopeo inspect docker://$ECR_REGISTRY/app:v1")
                #expect(absent.contains("manifest unknown") || absent.contains("Requested image not found"))
                for tag in ["v2", "v3"] { try await berth.shell("skopeo copy --quiet docker://$ECR_REGISTRY/app:\(tag) dir:$MACHINE/\(tag)") }
            }
        }

        @Test func theCommandLineTellsWhyAndDoesItNow() async throws {
            try await Berth.with { berth in
                try await push(to: berth)
                try await berth.shell(
                    """
                    cat >$MACHINE/policy.json <<'END'
                    {"rules":[{"rulePriority":7,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":2},"action":{"type":"expire"}}]}
                    END
                    """)
                let command = "$BERTH lifecycle"
                let folder = "--data $MACHINE/data --repository app"
                let explained = try await berth.shell("\(command) explain \(folder) --policy $MACHINE/policy.json 2>/dev/null")
                #expect(explained.contains("rule 7: number 1 of the newest 2") && explained.contains("3 images: 1 expire"), "\(explained)")
                let preview = try await berth.shell("\(command) preview \(folder) --policy $MACHINE/policy.json --json 2>/dev/null")
                #expect(
                    try await berth.shell("echo '\(preview)' | jq -rs '.[0].tags[0], .[0].rule, .[0].outcome, .[1].expiring, (.[1].freedBytes > 0)'")
                        == "v1\n7\nexpire\n1\ntrue")
                #expect(try await berth.refusal("\(command) run \(folder)").contains("The repository app has no lifecycle policy."))

                // With the server stopped it works on the folder itself.
                #expect(try await berth.stop() == 0)
                let again = try await berth.shell("\(command) preview \(folder) --policy $MACHINE/policy.json --account 123456789012 2>/dev/null")
                #expect(again.contains("number 3 of the newest 2") && !again.contains("number 1 of"), "\(again)")
            }
        }

        @Test func theCommandLineCarriesOutAllPolicies() async throws {
            try await Berth.with { berth in
                try await push(to: berth)
                try await berth.shell(
                    """
                    aws ecr put-lifecycle-policy --repository-name app --lifecycle-policy-text \
                    '{"rules":[{"rulePriority":7,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}}]}'
                    """)
                try await berth.shell("$BERTH lifecycle run --data $MACHINE/data --json 2>/dev/null | jq -e '.repository == \"app\"'")
                #expect(try await berth.shell("aws ecr list-images --repository-name app --query 'imageIds[].imageTag' --output text") == "v3")
                let status = try await berth.shell(
                    "curl -s -o /dev/null -w '%{http_code}' -u AWS:$(aws ecr get-login-password) http://$ECR_REGISTRY/v2/app/manifests/v1")
                #expect(status == "404")
            }
        }
    }
}
