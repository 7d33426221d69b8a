import Foundation

/// The version of the `aws` command.
struct AWSCommandVersion: Equatable, CustomStringConvertible {
    let major: Int
    let minor: Int

    /// The version in what `aws --version` prints, such as `aws-cli/1.45.11 Python/3.11.7 …`; nil when there is none.
    init?(printed text: String) {
        guard let match = text.firstMatch(of: /aws-cli\/(\d+)\.(\d+)/), let major = Int(match.1), let minor = Int(match.2) else { return nil }
        self.major = major
        self.minor = minor
    }

    var description: String { "\(major).\(minor)" }

    /// Whether it knows nothing of `AWS_ENDPOINT_URL`, and so would talk to AWS itself.
    ///
    /// Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints": since 2.13.0 and 1.29.0.
    var ignoresEndpointURL: Bool { major == 1 ? minor < 29 : major == 2 && minor < 13 }

    /// The version of the `aws` that the shell would find; nil when there is none.
    static func installed() -> AWSCommandVersion? {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["aws", "--version"]
        process.standardOutput = output
        process.standardError = output
        guard (try? process.run()) != nil else { return nil }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return AWSCommandVersion(printed: text)
    }
}
