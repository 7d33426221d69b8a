import ArgumentParser
import Foundation
import Stores

/// `berth debug`
struct Debug: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Find out why a client is refused.", subcommands: [SigV4.self, Cost.self])

    /// `berth debug sigv4`
    struct SigV4: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sigv4",
            abstract: "Check the signature of one HTTP request, step by step.",
            discussion: """
                Reads a request as it went over the wire (start line, headers, empty line, body) and prints the canonical request, the \
                string to sign and the verdict. Asks no server and no database. The secret is read from AWS_SECRET_ACCESS_KEY, so that it \
                stays out of the shell's history. The exit status is 0 when the signature is accepted and 1 when it is not.
                """)

        @Argument(help: "The request; standard input when there is none.") var file: String?
        @Option(help: "The access key (also: AWS_ACCESS_KEY_ID).") var accessKeyId: String?
        @Option(help: "The session token that belongs to the key (also: AWS_SESSION_TOKEN); any is accepted when there is none.")
        var sessionToken: String?
        @Option(help: "The signing name of the service that was asked, such as ecr or sts; the one of the signature when there is none.")
        var service: String?
        @Option(help: ArgumentHelp("When the request arrived; now when it is not said.", valueName: "ISO-8601"))
        var clock: String?

        func run() async throws {
            let environment = ProcessInfo.processInfo.environment
            guard let id = accessKeyId ?? environment["AWS_ACCESS_KEY_ID"], let secret = environment["AWS_SECRET_ACCESS_KEY"] else {
                throw Refusal("Give the key by --access-key-id or AWS_ACCESS_KEY_ID, and its secret by AWS_SECRET_ACCESS_KEY.")
            }
            let report = await SignatureReport(
                of: try RawRequest(try read()).signable, accessKeyID: id, secret: secret,
                sessionToken: sessionToken ?? environment["AWS_SESSION_TOKEN"], service: service, now: try moment().milliseconds)
            print(report.text)
            if !report.isAccepted { throw ExitCode.failure }
        }

        private func read() throws -> [UInt8] {
            guard let file else { return Array(FileHandle.standardInput.readDataToEndOfFile()) }
            guard let data = FileManager.default.contents(atPath: file) else { throw Refusal("The file \(file) cannot be read.") }
            return Array(data)
        }

        private func moment() throws -> Timestamp {
            guard let clock else { return SystemClock().now }
            let basic = clock.filter { $0 != "-" && $0 != ":" }
            let style = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day().dateSeparator(.omitted)
                .time(includingFractionalSeconds: false).timeSeparator(.omitted)
            guard let date = try? Date(basic, strategy: style) else { throw Refusal("\(clock) is not like 2026-11-21T07:00:00Z.") }
            return Timestamp(milliseconds: Int64(date.timeIntervalSince1970) * 1000)
        }
    }

    /// `berth debug authorization-cost`: for whoever works on Berth; `scripts/bench` prints it.
    struct Cost: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "authorization-cost", abstract: "Measure the check of a signature and the decision on a request.", shouldDisplay: false)

        @Option(help: "How many requests to measure.") var requests = 20_000
        @Option(help: "How many users to make, each with a policy of its own.") var users = 10_000

        func run() async throws {
            let folder = NSTemporaryDirectory() + "berth-cost-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let report = try await AuthorizationCost(users: users, folder: folder).measure(requests: requests)
            try FileManager.default.removeItem(atPath: folder)
            print(report)
        }
    }
}
