import Testing

@testable import berth

@Suite struct AWSCommandVersionTests {
    @Test(
        arguments: [
            ("aws-cli/1.27.1 Python/3.9", true), ("aws-cli/1.28.99 x", true), ("aws-cli/1.29.0 x", false), ("aws-cli/1.45.11 x", false),
            ("aws-cli/2.9.19 Python/3.11.2", true), ("aws-cli/2.12.7 x", true), ("aws-cli/2.13.0 x", false), ("aws-cli/2.31.0 x", false),
        ])
    func theOldOnesIgnoreTheEndpoint(printed: String, ignores: Bool) throws {
        #expect(try #require(AWSCommandVersion(printed: printed)).ignoresEndpointURL == ignores)
    }

    @Test func otherOutputHasNoVersion() { #expect(AWSCommandVersion(printed: "env: 'aws': No such file or directory") == nil) }
}
