import AWSCore
import Foundation
import HTTPEdge
import NIOCore
import Testing

/// What is meant for whom, and who is let in.
@Suite struct RoutingTests {
    private func signed(
        _ url: String, _ port: Int, target: String, body: String = "{}", secret: String = Sample.secret, date: Int64? = nil
    ) async throws -> ProgramResult {
        let headers = [
            (name: "Host", value: "127.0.0.1:\(port)"), (name: "X-Amz-Target", value: target),
            (name: "Content-Type", value: "application/x-amz-json-1.1"),
        ]
        let request = SignableRequest(method: "POST", path: "/", headers: headers, body: Array(body.utf8))
        let now = date ?? Int64(Date().timeIntervalSince1970 * 1000)
        let signed = Sample.signer(secret: secret).sign(request, now: now)
        let fields = signed.headers.filter { $0.name != "Host" }.flatMap { ["-H", "\($0.name): \($0.value)"] }
        return try await run("curl", ["-sS", "-i", "--max-time", "900", "--data-binary", body, url] + fields)
    }

    private let ecr = "AmazonEC2ContainerRegistry_V20150921."

    @Test func signedCallsReachTheirOperation() async throws {
        try await withEdge { edge async throws in
            let result = try await signed(edge.url, edge.port, target: ecr + "DescribeRepositories")
            #expect(result.output.hasPrefix("HTTP/1.1 200"))
            #expect(result.output.contains(#""operation":"DescribeRepositories","bytes":2,"region":"us-east-1","origin":"http://127.0.0.1:"#))
            #expect(result.output.lowercased().contains("\r\ndate: "))
            let line = try await edge.log.requests(1)[0]
            #expect(line["principal"] as? String == "arn:aws:iam::123456789012:root")
            #expect(line["action"] as? String == "ecr:DescribeRepositories")
            #expect(line["status"] as? Int == 200)
        }
    }

    @Test func refusalsHaveTheFormOfTheProtocol() async throws {
        try await withEdge { edge async throws in
            let wrong = try await signed(edge.url, edge.port, target: ecr + "X", secret: "another")
            #expect(wrong.output.hasPrefix("HTTP/1.1 400") && wrong.output.contains(#""__type":"InvalidSignatureException""#))
            let old = try await signed(edge.url, edge.port, target: ecr + "X", date: 1_600_000_000_000)
            #expect(old.output.contains("Signature expired: "))
            let unsigned = try await curl("-i", "-H", "X-Amz-Target: \(ecr)X", "-d", "{}", edge.url)
            #expect(unsigned.output.contains(#""__type":"MissingAuthenticationTokenException""#))
            let unknown = try await curl("-i", "-H", "X-Amz-Target: Trent.X", "-d", "{}", edge.url)
            #expect(unknown.output.hasPrefix("HTTP/1.1 400") && unknown.output.contains(#""__type":"UnknownOperationException""#))
            let form = try await curl("-i", "-d", "Action=GetCallerIdentity&Version=2011-06-15", edge.url)
            #expect(form.output.hasPrefix("HTTP/1.1 403") && form.output.contains("<Code>MissingAuthenticationToken</Code>"))
            let nothing = try await curl("-i", "\(edge.url)/nothing")
            #expect(nothing.output.hasPrefix("HTTP/1.1 404"))
        }
    }

    @Test func thePublicURLIsWhereAnswersLead() async throws {
        var configuration = Sample.configuration
        configuration.publicURL = "https://registry.example.com"
        try await withEdge(configuration) { edge async throws in
            let result = try await signed(edge.url, edge.port, target: ecr + "DescribeRepositories")
            #expect(result.output.contains(#""origin":"https://registry.example.com""#))
        }
    }

    @Test func presignedQueriesReachSTS() async throws {
        try await withEdge { edge async throws in
            let signer = SigV4Signer(accessKeyID: Sample.accessKeyID, secret: Sample.secret, region: Sample.region, service: "sts")
            let request = SignableRequest(
                method: "GET", path: "/", query: "Action=GetCallerIdentity&Version=2011-06-15", headers: [("Host", "127.0.0.1:\(edge.port)")])
            let query = signer.presign(request, now: Int64(Date().timeIntervalSince1970 * 1000), expires: 60).query
            let result = try await curl("\(edge.url)/?\(query)")
            #expect(result.output == "<Arn>arn:aws:iam::123456789012:root</Arn>")
        }
    }

    /// A form, signed for a service in a region; the answer with its head.
    private func form(_ edge: LiveEdge, _ form: String, service: String, region: Region = Sample.region) async throws -> String {
        let signer = SigV4Signer(accessKeyID: Sample.accessKeyID, secret: Sample.secret, region: region, service: service)
        let request = SignableRequest(
            method: "POST", path: "/", headers: [("Host", "127.0.0.1:\(edge.port)"), ("Content-Type", "application/x-www-form-urlencoded")],
            body: Array(form.utf8))
        let signed = signer.sign(request, now: Int64(Date().timeIntervalSince1970 * 1000))
        let headers = signed.headers.filter { $0.name != "Host" }.flatMap { ["-H", "\($0.name): \($0.value)"] }
        return try await run("curl", ["-sS", "-i", "--max-time", "900"] + headers + ["-d", form, edge.url]).output
    }

    @Test func theVersionOfAFormNamesItsService() async throws {
        try await withEdge { edge async throws in
            let (iam, sts) = ("Action=GetUser&Version=2010-05-08", "Action=GetCallerIdentity&Version=2011-06-15")
            for (text, service) in [(iam, "iam"), (sts, "sts")] {
                #expect(try await form(edge, text, service: service).hasPrefix("HTTP/1.1 200"))
            }
            #expect(try await edge.log.requests(2).map { $0["action"] as? String } == ["iam:X", "sts:X"])
            for (text, service, wrong) in [(iam, "iam", "sts"), (sts, "sts", "iam"), (sts, "sts", "ecr")] {
                let answer = try await form(edge, text, service: wrong)
                #expect(answer.hasPrefix("HTTP/1.1 403") && answer.contains("<Code>SignatureDoesNotMatch</Code>"))
                #expect(answer.contains("Credential should be scoped to correct service: &apos;\(service)&apos;."))
                #expect(answer.contains("<ErrorResponse xmlns=\"https://\(service).amazonaws.com/doc/"))
            }
            let unsigned = try await curl("-i", "-d", iam, edge.url)
            #expect(unsigned.output.hasPrefix("HTTP/1.1 403") && unsigned.output.contains("<Code>MissingAuthenticationToken</Code>"))
            let twice = try await form(edge, "Action=GetUser&Version=2010-05-08&Action=ListUsers", service: "sts")
            #expect(twice.hasPrefix("HTTP/1.1 404") && twice.contains("<Code>MalformedQueryString</Code>"))
        }
    }

    @Test func theServicesWithoutRegionsTakeUSEast1Too() async throws {
        var configuration = Sample.configuration
        let dublin = try #require(Region("eu-west-1"))
        let tokyo = try #require(Region("ap-northeast-1"))
        configuration.regions = [dublin]
        configuration.region = dublin
        try await withEdge(configuration) { edge async throws in
            let iam = "Action=GetUser&Version=2010-05-08"
            #expect(try await form(edge, iam, service: "iam").hasPrefix("HTTP/1.1 200"))
            #expect(try await form(edge, iam, service: "iam", region: dublin).hasPrefix("HTTP/1.1 200"))
            let elsewhere = try await form(edge, iam, service: "iam", region: tokyo)
            #expect(elsewhere.contains("Credential should be scoped to a valid region."))
            let ecr = try await signed(edge.url, edge.port, target: ecr + "X")
            #expect(ecr.output.contains("Credential should be scoped to a valid region."))
        }
    }

    @Test func callsBeyondTheirSizeAreRefused() async throws {
        try await withEdge { edge async throws in
            let body = String(repeating: "x", count: (1 << 20) + 1)
            let headers = [(name: "Host", value: "127.0.0.1:\(edge.port)"), (name: "X-Amz-Target", value: "\(ecr)DescribeImages")]
            let signed = Sample.signer().sign(
                SignableRequest(method: "POST", path: "/", headers: headers, body: Array(body.utf8)), now: Int64(Date().timeIntervalSince1970 * 1000))
            let head = signed.headers.map { "\($0.name): \($0.value)\r\n" }.joined()
            let answer = try await exchange(edge.port, "POST / HTTP/1.1\r\n\(head)Content-Length: \(body.utf8.count)\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 413") && answer.contains("RequestEntityTooLargeException"))
            #expect(answer.lowercased().contains("connection: close"))
        }
    }

    @Test func bodiesBeyondTheBudgetAreThrottled() async throws {
        var configuration = Sample.configuration
        configuration.limits.collectedBytes = 1000
        try await withEdge(configuration) { edge async throws in
            let fits = try await signed(edge.url, edge.port, target: ecr + "PutImage", body: String(repeating: "x", count: 1000))
            #expect(fits.output.contains(#""bytes":1000"#))
            let result = try await signed(edge.url, edge.port, target: ecr + "PutImage", body: String(repeating: "x", count: 1001))
            #expect(result.output.contains(#""__type":"ThrottlingException""#))
            let again = try await signed(edge.url, edge.port, target: ecr + "PutImage", body: String(repeating: "x", count: 1000))
            #expect(again.output.contains(#""bytes":1000"#), "what was taken of the budget came back")
        }
    }

    @Test func dockerCredentials() async throws {
        try await withEdge { edge async throws in
            let good = try await curl("-u", "AWS:\(Sample.token)", "\(edge.url)/v2/")
            #expect(good.output == "123456789012 us-east-1 arn:aws:iam::123456789012:root 127.0.0.1 \(edge.url) false")
            let nobody = try await curl("\(edge.url)/v2/")
            #expect(nobody.output.hasPrefix("123456789012 us-east-1 anonymous "))
            let unnamed = try await curl("-u", ":", "\(edge.url)/v2/")
            #expect(unnamed.output == nobody.output)
            for credentials in [
                ["-u", "AWS:forged"], ["-u", "root:\(Sample.token)"], ["-H", "Authorization: Bearer \(Sample.token)"],
                ["-H", "Authorization: Basic ###"], ["-u", "\(Sample.accessKeyID):\(Sample.secret)"],
                ["-u", "AWS:\(Sample.token)", "-H", "Authorization: Basic eA=="],
            ] {
                let result = try await run("curl", ["-sS", "-i", "--max-time", "900"] + credentials + ["\(edge.url)/v2/"])
                #expect(result.output.hasPrefix("HTTP/1.1 401"), "\(credentials)")
                #expect(result.output.contains("Basic realm=\"\(edge.url)/\",service=\"ecr.amazonaws.com\""))
                #expect(result.output.hasSuffix("Not Authorized\n"))
            }
            let expired = try await curl("-i", "-u", "AWS:expired", "\(edge.url)/v2/")
            #expect(expired.output.hasPrefix("HTTP/1.1 403"))
            #expect(
                expired.output.contains(
                    #"{"errors":[{"code":"DENIED","message":"Your authorization token has expired. Reauthenticate and try again."}]}"#))
        }
    }

    @Test func hostsDecideAboutRegistries() async throws {
        var configuration = Sample.configuration
        let other = try #require(AccountID("999999999999"))
        configuration.customDomains = ["images.example.com": .init(account: other, region: Sample.region)]
        try await withEdge(configuration) { edge async throws in
            func get(_ host: String) async throws -> String {
                try await curl("-u", "AWS:\(Sample.token)", "-H", "Host: \(host)", "\(edge.url)/v2/").output
            }
            #expect(try await get("222222222222.dkr.ecr.us-east-1.amazonaws.com").hasPrefix("222222222222 us-east-1 arn:aws:iam::123456789012:root"))
            #expect(try await get("images.example.com:443").hasPrefix("999999999999 us-east-1 "))
            let foreign = try await get("123456789012.dkr.ecr.eu-west-1.amazonaws.com")
            #expect(foreign.contains(#""code":"DENIED""#) && foreign.contains("us-east-1, not for eu-west-1"))
        }
    }

    @Test func onlyListedRegionsAreServed() async throws {
        var configuration = Sample.configuration
        configuration.regions = [Sample.region]
        try await withEdge(configuration) { edge async throws in
            let result = try await curl("-H", "Host: 123456789012.dkr.ecr.eu-west-1.amazonaws.com", "\(edge.url)/v2/")
            #expect(result.output.contains("The region eu-west-1 is not served here."))
        }
    }

    @Test func proxiesAreBelievedOnlyWhenTrusted() async throws {
        let claims = [
            "-u", "AWS:\(Sample.token)", "-H", "X-Forwarded-For: 198.51.100.7", "-H", "X-Forwarded-Proto: https", "-H",
            "X-Forwarded-Host: registry.example.com",
        ]
        try await withEdge { edge async throws in
            let result = try await run("curl", ["-sS"] + claims + ["\(edge.url)/v2/"])
            #expect(result.output.hasSuffix(" 127.0.0.1 \(edge.url) false"))
        }
        var configuration = Sample.configuration
        configuration.trustedProxies = [try #require(AddressRange("127.0.0.0/8"))]
        try await withEdge(configuration) { edge async throws in
            let result = try await run("curl", ["-sS"] + claims + ["\(edge.url)/v2/"])
            #expect(result.output.hasSuffix(" 198.51.100.7 https://registry.example.com true"))
        }
    }
}
