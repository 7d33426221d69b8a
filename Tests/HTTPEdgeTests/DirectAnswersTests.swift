import HTTPEdge
import Testing

/// Requests that are answered in the channel, among those that are not: a length of nothing sends one the long way.
@Suite struct DirectAnswersTests {
    private static let short = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
    private static let long = "GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
    private static let withBody = "POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
    private static let last = "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    private func statuses(_ answers: String) -> [String] { answers.split(separator: "HTTP/1.1 ").map { String($0.prefix(3)) } }

    @Test func bothWaysGiveTheSameBytes() async throws {
        try await withEdge { edge async throws in
            for (path, options) in [
                ("/livez", []), ("/livez", ["-I"]), ("/nothing", []), ("/v2/", []), ("/v2/", ["-u", "AWS:\(Sample.token)"]),
                ("/v2/", ["-u", "AWS:forged"]), ("/v2/", ["-H", "Host: a@b"]), ("/metrics", ["-I"]),
            ] {
                func answer(_ more: [String]) async throws -> [Substring] {
                    let answer = try await run("curl", ["-sS", "-i", "--max-time", "900"] + options + more + ["\(edge.url)\(path)"])
                    return answer.output.split(separator: "\r\n", omittingEmptySubsequences: false)
                        .filter { line in !["date:", "x-amzn-requestid:", "content-length:"].contains { line.lowercased().hasPrefix($0) } }
                }
                #expect(try await answer([]) == answer(["-H", "Content-Length: 0"]), "\(path) \(options)")
            }
        }
    }

    @Test func answersKeepTheOrderOfTheRequestsOnBothWays() async throws {
        try await withEdge { edge async throws in
            let requests = Self.short + Self.withBody + Self.short + Self.long + Self.withBody + Self.long + Self.short + Self.last
            #expect(try await statuses(exchange(edge.port, requests)) == ["200", "404", "200", "200", "404", "200", "200", "200"])
        }
    }

    @Test func asManyAsAreSentAheadAreAnswered() async throws {
        try await withEdge { edge async throws in
            let requests = String(repeating: Self.short + Self.withBody, count: 250) + Self.last
            let answers = try await statuses(exchange(edge.port, requests))
            #expect(answers.count == 501)
            #expect(answers.filter { $0 == "200" }.count == 251)
        }
    }

    @Test func whatIsNoRequestIsRefusedAfterTheAnswersBeforeIt() async throws {
        try await withEdge { edge async throws in
            #expect(try await statuses(exchange(edge.port, Self.short + Self.short + "nonsense\r\n\r\n")) == ["200", "200", "400"])
        }
    }

    @Test func aClientThatHasSaidAllStillGetsItsAnswers() async throws {
        try await withEdge { edge async throws in
            let answers = try await withConnection(edge.port) { connection async throws in
                try await connection.send(Self.short + Self.short)
                try await connection.channel.close(mode: .output)
                return await connection.readToEnd()
            }
            #expect(statuses(answers) == ["200", "200"])
        }
    }
}
