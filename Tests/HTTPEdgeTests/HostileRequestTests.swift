import HTTPEdge
import Testing

/// Requests made to be misunderstood.
@Suite struct HostileRequestTests {
    @Test(arguments: [
        "POST /v2/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /v2/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "POST /v2/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 6\r\n\r\nhello!",
        "POST /v2/ HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /v2/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost : x\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: x\r\nA: b\r\n folded\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: x\r\nA\u{0}: b\r\n\r\n",
        "nonsense\r\n\r\n",
    ])
    func ambiguousRequestsAreRefusedAndTheConnectionClosed(request: String) async throws {
        try await withEdge { edge async throws in
            let answer = try await exchange(edge.port, request + "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 400"), "\(answer)")
            #expect(!answer.contains("200 OK"), "nothing after it was taken for a request")
        }
    }

    @Test(arguments: [
        "GET /v2/ HTTP/1.1\r\nConnection: close\r\n\r\n", "GET /v2/ HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n", "GET /v2/ HTTP/1.1\r\nHost: a@b\r\nConnection: close\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    ])
    func requestsWithoutOneHostAreRefused(request: String) async throws {
        try await withEdge { edge async throws in
            #expect(try await exchange(edge.port, request).hasPrefix("HTTP/1.1 400"))
        }
    }

    @Test func headerFloodsAreRefused() async throws {
        try await withEdge { edge async throws in
            let many = (0..<200).map { "X-\($0): y\r\n" }.joined()
            #expect(try await exchange(edge.port, "GET /v2/ HTTP/1.1\r\nHost: x\r\n\(many)\r\n").hasPrefix("HTTP/1.1 4"))
            let long = String(repeating: "y", count: 40_000)
            #expect(try await exchange(edge.port, "GET /v2/ HTTP/1.1\r\nHost: x\r\nX: \(long)\r\n\r\n").hasPrefix("HTTP/1.1 4"))
            let both = (0..<20).map { "X-\($0): \(String(repeating: "y", count: 2000))\r\n" }.joined()
            #expect(try await exchange(edge.port, "GET /v2/ HTTP/1.1\r\nHost: x\r\n\(both)\r\n").hasPrefix("HTTP/1.1 4"))
            #expect(try await curl("\(edge.url)/livez").output == "ok\n")
        }
    }

    @Test func connectionsBeyondTheLimitWaitTheirTurn() async throws {
        var configuration = Sample.configuration
        configuration.limits.connections = 2
        try await withEdge(configuration) { edge async throws in
            try await withServedConnections(2, edge.port) { () async throws in
                // 28: the time is over. The connection is made by the system, but nobody reads from it.
                #expect(try await run("curl", ["-sS", "--max-time", "0.5", "\(edge.url)/livez"]).status == 28)
            }
            #expect(try await curl("\(edge.url)/livez").output == "ok\n", "those that left made room")
        }
    }

    @Test func oneAddressCannotHaveAllConnections() async throws {
        var configuration = Sample.configuration
        configuration.limits.connectionsOfAddress = 2
        try await withEdge(configuration) { edge async throws in
            try await withServedConnections(2, edge.port) { () async throws in
                let refused = try await curl("-w", "%{http_code}", "\(edge.url)/livez")
                #expect(refused.output == "This address has 2 connections with this server, as many as one address may have.\n503")
                #expect(try await curl("--interface", "127.0.0.2", "\(edge.url)/livez").output == "ok\n", "another address has its own")
                let metrics = try await curl("--interface", "127.0.0.2", "\(edge.url)/metrics").output
                #expect(metrics.contains("\nberth_connections_refused_total 1\n"))
            }
            #expect(try await curl("--retry", "5", "\(edge.url)/livez").output.hasSuffix("ok\n"), "those that left made room")
        }
        configuration.trustedProxies = [try #require(AddressRange("127.0.0.1"))]
        configuration.limits.connectionsOfAddress = 1
        try await withEdge(configuration) { edge async throws in
            try await withServedConnections(1, edge.port) { () async throws in
                #expect(try await curl("\(edge.url)/livez").output == "ok\n", "behind a proxy are many")
            }
        }
    }

    /// RFC 9112 section 9.3: who answers says so, too, or a proxy uses the connection for the requests of others.
    @Test(arguments: [
        ("HTTP/1.0", "", true), ("HTTP/1.0", "Connection: Upgrade\r\n", true), ("HTTP/1.0", "Connection: keep-alive\r\n", false),
        ("HTTP/1.1", "", false),
        ("HTTP/1.1", "Connection: Close\r\n", true), ("HTTP/1.1", "Connection: x, close\r\n", true),
    ])
    func theLastRequestOfAConnectionIsAnsweredAsSuch(_ version: String, _ connection: String, _ isLast: Bool) async throws {
        try await withEdge { edge async throws in
            for path in ["/livez", "/v2/"] {
                let request = "GET \(path) \(version)\r\nHost: x\r\n\(connection)\r\n"
                let end = "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                let answers = try await exchange(edge.port, request + (isLast ? "" : end)).lowercased()
                #expect(answers.matches(of: #/http/1\.1 /#).count == (isLast ? 1 : 2))
                #expect(answers.matches(of: #/\r\nconnection: close\r\n/#).count == 1, "\(answers)")
            }
        }
    }

    @Test func pipelinedRequestsAreAnsweredInTurn() async throws {
        try await withEdge { edge async throws in
            let one = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
            let bad = "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
            let last = "GET /v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            let answers = try await exchange(edge.port, one + bad + one + last)
            let statuses = answers.split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
            #expect(statuses == ["200", "404", "200", "200"])
        }
    }
}
