import Foundation
import Testing

@testable import berth

@Suite struct ClientEnvironmentTests {
    private let plain = Endpoint(url: "http://localhost:5000", region: "us-east-1", registriesConf: "/data/registries.conf", authority: nil)

    /// The variables that a shell has after `eval` of the lines, with some that were set before.
    private func evaluated(_ environment: ClientEnvironment, before: [String: String] = [:]) throws -> [String: String] {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "set -e; eval \"$LINES_TO_EVALUATE\"; unset LINES_TO_EVALUATE; /usr/bin/env -0"]
        process.environment = before.merging(["LINES_TO_EVALUATE": environment.shell]) { $1 }
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let pairs = text.split(separator: "\0").map { $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init) }
        return Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) })
    }

    @Test func aShellGetsEveryVariable() throws {
        let variables = try evaluated(ClientEnvironment(endpoint: plain, accessKeyID: "AKIAEXAMPLE", secretAccessKey: "s/e+cret"))
        #expect(variables["AWS_ENDPOINT_URL"] == "http://localhost:5000")
        #expect(variables["AWS_ACCESS_KEY_ID"] == "AKIAEXAMPLE")
        #expect(variables["AWS_SECRET_ACCESS_KEY"] == "s/e+cret")
        #expect(variables["AWS_REGION"] == "us-east-1")
        #expect(variables["AWS_DEFAULT_REGION"] == "us-east-1")
        #expect(variables["ECR_REGISTRY"] == "localhost:5000")
        #expect(variables["CONTAINERS_REGISTRIES_CONF"] == "/data/registries.conf")
    }

    @Test func whatWouldWinIsUnset() throws {
        let before = [
            "AWS_PROFILE": "work", "AWS_SESSION_TOKEN": "x", "AWS_CA_BUNDLE": "/etc/x", "AWS_ENDPOINT_URL_ECR": "https://elsewhere", "KEPT": "1",
        ]
        let variables = try evaluated(ClientEnvironment(endpoint: plain, accessKeyID: "a", secretAccessKey: "b"), before: before)
        for name in before.keys where name != "KEPT" { #expect(variables[name] == nil, "\(name)") }
        #expect(variables["KEPT"] == "1")
    }

    @Test(arguments: ["'; touch /tmp/never; '", "$(exit 3)", "`exit 3`", "a b\"c\\d", "line\nbreak"])
    func nothingInAValueIsRun(value: String) throws {
        let endpoint = Endpoint(url: "http://localhost:5000", region: "us-east-1", registriesConf: value, authority: nil)
        let variables = try evaluated(ClientEnvironment(endpoint: endpoint, accessKeyID: "a", secretAccessKey: value))
        #expect(variables["AWS_SECRET_ACCESS_KEY"] == value)
        #expect(variables["CONTAINERS_REGISTRIES_CONF"] == value)
    }

    @Test func overTLSTheAuthorityIsNamedAndNothingIsInsecure() throws {
        let endpoint = Endpoint(url: "https://localhost:5443", region: "us-east-1", registriesConf: nil, authority: "/data/tls/ca.crt")
        let variables = try evaluated(
            ClientEnvironment(endpoint: endpoint, accessKeyID: "a", secretAccessKey: "b"), before: ["AWS_CA_BUNDLE": "/etc/x"])
        #expect(variables["AWS_CA_BUNDLE"] == "/data/tls/ca.crt")
        #expect(variables["CONTAINERS_REGISTRIES_CONF"] == nil)
    }
}
