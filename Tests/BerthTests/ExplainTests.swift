import AWSCore
import Foundation
import IAM
import Identity
import Logging
import Testing

@testable import berth

/// `berth iam explain`, on a data folder of its own.
@Suite struct ExplainTests {
    private static let repository = "arn:aws:ecr:us-east-1:123456789012:repository/app"
    private static let user = "arn:aws:iam::123456789012:user/ci"

    /// Runs `body` with an installation whose user `ci` may push all but `release-*`.
    private func withInstallation(_ body: (Installation) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "berth-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let settings = try Settings(from: [.flags([.data: [path], .account: ["123456789012"]])])
        let installation = try await Installation.open(settings, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let account = installation.identity.account(installation.account)
        _ = try await account.createUser("ci")
        let policy = #"""
            {"Version":"2012-10-17","Statement":[
              {"Sid":"push","Effect":"Allow","Action":"ecr:*","Resource":"*"},
              {"Sid":"noReleases","Effect":"Deny","Action":"ecr:PutImage","Resource":"*","Condition":{"StringLike":{"ecr:ImageTag":"release-*"}}}]}
            """#
        try await account.putInlinePolicy("images", policy, to: .user, named: "ci")
        try await body(installation)
        try await installation.close()
    }

    private func question(_ principal: String = user, _ action: String = "ecr:PutImage", _ context: [String: [String]] = [:]) -> AccessQuestion {
        AccessQuestion(principal: principal, action: action, resource: Self.repository, context: context)
    }

    @Test func namesTheStatementThatDecides() async throws {
        try await withInstallation { installation in
            #expect(try await installation.perform(.explain(question())) == #"Allowed by statement 1 ("push") of the identity-based policy images."#)
            let denied = try await installation.perform(.explain(question(Self.user, "ecr:PutImage", ["ecr:imagetag": ["release-1"]])))
            #expect(
                denied == #"Denied by statement 2 ("noReleases") of the identity-based policy images."# + "\n"
                    + "User: \(Self.user) is not authorized to perform: ecr:PutImage on resource: \(Self.repository) "
                    + "with an explicit deny in an identity-based policy")
        }
    }

    @Test func saysWhoseAllowIsMissing() async throws {
        try await withInstallation { installation in
            let denied = try await installation.perform(.explain(question(Self.user, "iam:CreateUser")))
            #expect(
                denied.hasPrefix("Denied: no statement allows it.\n")
                    && denied.hasSuffix("because no identity-based policy allows the iam:CreateUser action"))
            let anonymous = try await installation.perform(.explain(question("anonymous")))
            #expect(anonymous.hasSuffix("because no resource-based policy allows the ecr:PutImage action"))
            let root = try await installation.perform(.explain(question("arn:aws:iam::123456789012:root")))
            #expect(root.hasPrefix("Allowed: an account's root"))
        }
    }

    @Test(arguments: ["arn:aws:iam::123456789012:user/nobody", "arn:aws:iam::210987654321:root", "ci"])
    func refusesWhoIsNotThere(principal: String) async throws {
        try await withInstallation { installation in
            await #expect(throws: Refusal.self) { try await installation.perform(.explain(question(principal))) }
        }
    }
}
