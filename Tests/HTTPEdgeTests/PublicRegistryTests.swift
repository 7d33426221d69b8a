import AWSCore
import Foundation
import HTTPEdge
import RegistryCore
import Testing

/// How requests to public registries are told from others, and who is let in.
@Suite struct PublicRegistryTests {
    private static var configuration: EdgeConfiguration {
        var configuration = Sample.configuration
        configuration.publicListeners = [ListenAddress(host: "127.0.0.1", port: 0)]
        return configuration
    }

    private static func publicURL(_ edge: LiveEdge) throws -> String {
        let listeners = edge.listeners.filter(\.isPublic)
        return try #require(listeners.first).url
    }

    @Test func withoutATokenThereIsAChallengeForOne() async throws {
        try await withEdge(Self.configuration) { edge async throws in
            let url = try Self.publicURL(edge)
            for arguments in [
                [], ["-H", "Authorization: Bearer nonsense"], ["-u", "AWS:nonsense"], ["-u", "AWS:\(Sample.token)"],
                ["-u", "me:\(Sample.publicToken)"],
            ] {
                let answer = try await run("curl", ["-sS", "-i", "\(url)/v2/"] + arguments)
                #expect(answer.output.hasPrefix("HTTP/1.1 401"), "\(arguments)")
                let host = url.dropFirst("http://".count)
                #expect(answer.output.contains(#"WWW-Authenticate: Bearer realm="\#(url)/token/",service="\#(host)",scope="aws""#))
            }
        }
    }

    @Test func everybodyGetsATokenAndPullsWithIt() async throws {
        try await withEdge(Self.configuration) { edge async throws in
            let url = try Self.publicURL(edge)
            for path in ["/token", "/token/?service=x&scope=aws"] {
                let token = try await curl("\(url)\(path)")
                #expect(
                    token.output == #"{"token":"canary-anonymous-token","access_token":"canary-anonymous-token","expires_in":60}"#)
            }
            let pull = try await curl("-H", "Authorization: Bearer \(Sample.anonymousToken)", "\(url)/v2/a/b/manifests/v1")
            #expect(pull.output.hasPrefix("public anonymous 127.0.0.1 \(url) "))
            let lines = try await edge.log.requests(3)
            #expect(lines.map { $0["status"] as? Int } == [200, 200, 200])
            #expect(!edge.log.text.contains("canary"))
        }
    }

    @Test func aPasswordIsExchangedForATokenOfItsOwner() async throws {
        try await withEdge(Self.configuration) { edge async throws in
            let url = try Self.publicURL(edge)
            let token = try await curl("-u", "AWS:\(Sample.publicToken)", "\(url)/token/")
            #expect(token.output.contains(#""token":"canary-public-token""#))
            for arguments in [["-H", "Authorization: Bearer \(Sample.publicToken)"], ["-u", "AWS:\(Sample.publicToken)"]] {
                let push = try await run("curl", ["-sS", "\(url)/v2/a/b/manifests/v1"] + arguments)
                #expect(push.output.hasPrefix("public arn:aws:iam::123456789012:root "))
            }
            let expired = try await curl("-i", "-u", "AWS:expired", "\(url)/token/")
            #expect(expired.output.hasPrefix("HTTP/1.1 403") && expired.output.contains("Reauthenticate and try again."))
            let posted = try await curl("-i", "-d", "grant_type=password", "\(url)/token/")
            #expect(posted.output.hasPrefix("HTTP/1.1 405") && posted.output.contains("Allow: GET, HEAD"))
        }
    }

    @Test func aListenerOfItsOwnHasNothingElse() async throws {
        try await withEdge(Self.configuration) { edge async throws in
            let url = try Self.publicURL(edge)
            for path in ["/metrics", "/layers/abc", "/"] {
                #expect(try await curl("-o", "/dev/null", "-w", "%{http_code}", "\(url)\(path)").output == "404")
            }
            let call = try await curl(
                "-o", "/dev/null", "-w", "%{http_code}", "-H", "X-Amz-Target: SpencerFrontendService.DescribeRegistries", "-d", "{}", url)
            #expect(call.output == "404")
            #expect(try await curl("\(url)/livez").output == "ok\n")
        }
    }

    @Test(arguments: ["public.ecr.aws", "PUBLIC.ecr.aws:5000", "images.example.com:8443"]) func aNameIsAsGoodAsAListener(host: String) async throws {
        var configuration = Sample.configuration
        configuration.publicHost = PublicHost("images.example.com:8443")
        try await withEdge(configuration) { edge async throws in
            let answer = try await curl("-H", "Host: \(host)", "-H", "Authorization: Bearer \(Sample.anonymousToken)", "\(edge.url)/v2/a/b/tags/list")
            #expect(answer.output.hasPrefix("public anonymous 127.0.0.1 http://\(host) "))
            #expect(try await curl("-H", "Host: \(host)", "\(edge.url)/token/").output.contains("canary-anonymous-token"))
        }
    }

    @Test(arguments: ["127.0.0.1", "images.example.com", "images.example.com:80", "123456789012.dkr.ecr.us-east-1.amazonaws.com"])
    func otherNamesMeanPrivateRegistries(host: String) async throws {
        var configuration = Sample.configuration
        configuration.publicHost = PublicHost("images.example.com:8443")
        try await withEdge(configuration) { edge async throws in
            for token in [Sample.anonymousToken, Sample.publicToken] {
                let answer = try await curl("-i", "-H", "Host: \(host)", "-H", "Authorization: Bearer \(token)", "\(edge.url)/v2/app/tags/list")
                #expect(answer.output.hasPrefix("HTTP/1.1 401") && answer.output.contains("WWW-Authenticate: Basic realm="))
            }
            #expect(try await curl("-o", "/dev/null", "-w", "%{http_code}", "-H", "Host: \(host)", "\(edge.url)/token/").output == "404")
            let password = try await curl("-i", "-H", "Host: \(host)", "-u", "AWS:\(Sample.publicToken)", "\(edge.url)/v2/app/tags/list")
            #expect(password.output.hasPrefix("HTTP/1.1 401"))
        }
    }

    @Test func logosAreImagesAndNothingElse() async throws {
        try await withEdge { edge async throws in
            let answer = try await curl("-D", "-", "-o", "/dev/null", "\(edge.url)/logos/\(Sample.logo.hex)")
            #expect(answer.output.hasPrefix("HTTP/1.1 200") && answer.output.contains("Content-Type: image/png"))
            #expect(
                answer.output.contains("X-Content-Type-Options: nosniff")
                    && answer.output.contains("Content-Security-Policy: default-src 'none'; sandbox"))
            for name in ["", "abc", String(Sample.logo.hex.reversed())] {
                #expect(try await curl("-o", "/dev/null", "-w", "%{http_code}", "\(edge.url)/logos/\(name)").output == "404")
            }
        }
    }

    @Test func callsToECRPublicAreSignedForItAndForUsEast1() async throws {
        var configuration = Sample.configuration
        configuration.regions = [Sample.region, try #require(Region("eu-central-1"))]
        try await withEdge(configuration) { edge async throws in
            for (service, status) in [("ecr-public", "200"), ("ecr", "400")] {
                let request = SignableRequest(
                    method: "POST", path: "/",
                    headers: [
                        (name: "Host", value: "127.0.0.1:\(edge.port)"), (name: "X-Amz-Target", value: "SpencerFrontendService.DescribeRegistries"),
                        (name: "Content-Type", value: "application/x-amz-json-1.1"),
                    ], body: Array("{}".utf8))
                let signer = SigV4Signer(accessKeyID: Sample.accessKeyID, secret: Sample.secret, region: .usEast1, service: service)
                let signed = signer.sign(request, now: Int64(Date().timeIntervalSince1970 * 1000))
                let fields = signed.headers.filter { $0.name != "Host" }.flatMap { ["-H", "\($0.name): \($0.value)"] }
                let answer = try await run("curl", ["-sS", "-i", "--data-binary", "{}", edge.url] + fields)
                #expect(answer.output.hasPrefix("HTTP/1.1 \(status)"))
            }
            let line = try await edge.log.requests(2)[0]
            #expect(line["action"] as? String == "ecr-public:DescribeRegistries")
        }
    }
}
