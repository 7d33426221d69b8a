import AWSCore
import Authorization
import Foundation
import IAM
import Identity
import RegistryCore
import SQLiteDatabase
import Stores

/// Measures what a request costs before its operation begins: the check of its signature, and the decision of one of many users, whose
/// policies have 20 statements.
struct AuthorizationCost {
    static let statements = 20

    private let database: SQLiteDatabase
    private let authorizer: Authorizer
    private let account = AccountID.zeros
    private let region: Region
    private let users: Int
    private let request: SignableRequest

    /// Fills a database of its own in `folder` with `users` users, each with a policy.
    init(users: Int, folder: String) async throws {
        guard let region = Region("us-east-1") else { throw Refusal("There is no region.") }
        self.region = region
        self.users = users
        request = Self.signed(region)
        let database = try SQLiteDatabase(
            path: folder + "/cost.sqlite", migrations: RegistrySchema.migrations + IdentitySchema.migrations + AuthorizationChanges.migrations)
        let policies = CurrentPolicies(database: database)
        self.database = database
        authorizer = Authorizer(now: { SystemClock().now.milliseconds }) { try await policies.facts(for: $0, $1, $2) }
        try await Accounts(database: database).establish(account)
        try await fill()
    }

    /// The report: microseconds of CPU for each part.
    func measure(requests: Int) async throws -> String {
        let signature = try await cost(of: requests) { _ in try await checkSignature() }
        let first = try await cost(of: min(requests, users)) { try await decide(asUser: $0) }
        let again = try await cost(of: requests) { try await decide(asUser: $0 % min(users, 1000)) }
        try await database.close()
        return """
            signature check                     \(Self.text(signature))
            authorization, \(Self.statements) statements        \(Self.text(again))
            together                            \(Self.text(signature + again))
            authorization, first of a user      \(Self.text(first))
            users and policies                  \(users)
            """
    }

    private func fill() async throws {
        let (document, count, account) = (Self.policy, users, account)
        try await database.write { transaction in
            for number in 0..<count {
                let id = Self.userID(number)
                try transaction.execute(
                    """
                    INSERT INTO entities (id, account, kind, name, name_key, path, created_at)
                    VALUES (\(id), \(account.description), 'user', \(id), \(id), '/', \(transaction.now))
                    """)
                try transaction.execute(
                    "INSERT INTO inline_policies (entity_id, name_key, name, document) VALUES (\(id), 'cost', 'cost', \(document))")
            }
            try AuthorizationChanges.advance(transaction)
        }
    }

    private func decide(asUser number: Int) async throws {
        let id = Self.userID(number)
        let caller = Caller(
            kind: .user(name: id), account: account, arn: "arn:aws:iam::\(account):user/\(id)", userID: id, accessKeyID: nil, region: region)
        let context = RequestContext(
            caller: caller, region: region, requestID: "", sourceIP: "192.0.2.1", isSecure: true, userAgent: nil, origin: "https://localhost")
        let repository = ARN(service: "ecr", region: region.description, account: account.description, resource: "repository/team/app")
        try await authorizer.require([Permission("ecr:BatchGetImage", on: repository)], context)
    }

    private func checkSignature() async throws {
        _ = try await Self.verifier.verify(request, service: "ecr", now: Self.moment) { _, _ in .secret(Self.secret) }
    }

    /// Microseconds of CPU for each of `count` calls.
    private func cost(of count: Int, _ call: (Int) async throws -> Void) async rethrows -> Double {
        let start = Self.cpuTime
        for number in 0..<count { try await call(number) }
        return (Self.cpuTime - start) / Double(count)
    }

    /// Of this process, in microseconds.
    private static var cpuTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }

    private static func userID(_ number: Int) -> String { "AIDACOST\(String(1_000_000_000_000 + number))" }

    private static func text(_ microseconds: Double) -> String { String(format: "%8.1f us", microseconds) }
}

extension AuthorizationCost {
    private static let verifier = SigV4Verifier()
    private static let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    private static let moment = SystemClock().now.milliseconds

    private static func signed(_ region: Region) -> SignableRequest {
        let request = SignableRequest(
            method: "POST", path: "/", query: "",
            headers: [
                ("Host", "localhost:5000"), ("Content-Type", "application/x-amz-json-1.1"),
                ("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921.BatchGetImage"),
            ], body: Array(#"{"repositoryName":"team/app","imageIds":[{"imageTag":"latest"}]}"#.utf8))
        let signer = SigV4Signer(accessKeyID: "AKIAIOSFODNN7EXAMPLE", secret: secret, region: region, service: "ecr")
        return signer.sign(request, now: moment)
    }

    /// Statements of which the last allows, so that every one is looked at.
    private static let policy: String = {
        let others = (1..<statements).map { number in
            #"{"Effect":"\#(number % 4 == 0 ? "Deny" : "Allow")","Action":["ecr:Batch*","ecr:GetDownloadUrlForLayer"],"#
                + #""Resource":"arn:aws:ecr:*:*:repository/other-\#(number)/*","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}"#
        }
        let last = #"{"Effect":"Allow","Action":"ecr:BatchGetImage","Resource":"arn:aws:ecr:us-east-1:*:repository/team/*"}"#
        return #"{"Version":"2012-10-17","Statement":[\#((others + [last]).joined(separator: ","))]}"#
    }()
}
