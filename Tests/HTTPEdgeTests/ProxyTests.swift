import AWSCore
import DistributionAPI
import Foundation
import HTTPEdge
import NIOCore
import NIOPosix
import TestSupport
import Testing

/// Berth behind a proxy that keeps connections to it which all its clients share: where a request ends, it must see where that does.
/// Each client hides a request in one that can be read in two ways; it must reach nobody, or be answered to the one who sent it.
@Suite struct ProxyTests {
    private static let authorization = "Authorization: Basic \(Data("AWS:\(Sample.token)".utf8).base64EncodedString())\r\n"

    private static func request(_ name: String) -> String { "GET /v2/\(name)/tags/list HTTP/1.1\r\nHost: x\r\n\(authorization)\r\n" }

    /// Header lines and a body around the hidden request, which has the place of `@`, and its length, and that in hex, those of `#` and `%`.
    private static let attacks = [
        "Content-Length: #\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n@",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n%\r\n@\r\n0\r\n\r\n",
        "Content-Length: 0\r\nContent-Length: #\r\n\r\n@", "Content-Length: #\r\nContent-Length: 0\r\n\r\n@",
        "Content-Length: 0, #\r\n\r\n@", "Content-Length: +0\r\n\r\n@", "Content-Length: 0x0\r\n\r\n@", "Content-Length: 0 0\r\n\r\n@",
        "Content-Length: -0\r\n\r\n@", "Content-Length:\r\n\r\n@", "Content-Length: 18446744073709551616\r\n\r\n@", "Content-Length: 00\r\n\r\n@",
        "Content-Length : #\r\n\r\n@", "Content-Length\u{0}: #\r\n\r\n@", "Content_Length: #\r\n\r\n@", "Content-Length:\u{b}#\r\n\r\n@",
        "Connection: Content-Length\r\nContent-Length: #\r\n\r\n@", "Connection: close, Content-Length\r\nContent-Length: #\r\n\r\n@",
        "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n@",
        "Content-Length: #\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n@", "Content-Length: #\r\nTransfer-Encoding:\u{b}chunked\r\n\r\n0\r\n\r\n@",
        "Content-Length: #\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n@", "Content-Length: #\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n@",
        "Content-Length: #\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n@",
        "Content-Length: #\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n@",
        "Content-Length: #\r\nTransfer-Encoding: identity\r\n\r\n@", "Content-Length: #\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n@",
        "Content-Length: #\r\nTransfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n@",
        "Content-Length: #\r\nTransfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n@", "Content-Length: #\r\nTransfer_Encoding: chunked\r\n\r\n0\r\n\r\n@",
        "Content-Length: #\r\nX: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n@",
        "Content-Length: #\r\nX: y\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n@",
        "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n@", "Transfer-Encoding: chunked\r\n\r\n-0\r\n\r\n@",
        "Transfer-Encoding: chunked\r\n\r\n 0\r\n\r\n@",
        "Transfer-Encoding: chunked\r\n\r\n0 \r\n\r\n@", "Transfer-Encoding: chunked\r\n\r\n0;a=\"\r\n\r\n@",
        "Transfer-Encoding: chunked\r\n\r\n0;a\n\r\n@",
        "Transfer-Encoding: chunked\r\n\r\n0\n\n@", "Transfer-Encoding: chunked\r\n\r\n0\r\r\n@",
        "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n@", "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n@",
        "Transfer-Encoding: chunked\r\n\r\n1\r\na0\r\n\r\n@", "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: #\r\n\r\n@",
        "Transfer-Encoding: chunked\r\n\r\n%;\r\n@\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n000000000000000000000000000000000%\r\n@\r\n0\r\n\r\n",
        "Expect: 100-continue\r\nContent-Length: #\r\n\r\n@", "Expect: nothing\r\nContent-Length: #\r\n\r\n@",
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: #\r\n\r\n@",
        "\r\n@", "X\r\n\r\n@", ": y\r\n\r\n@", " X: y\r\n\r\n@", "X: y\r\n\n@", "X: y\n\n@", "X: y\r\r\n\r\n@", "X: \u{0}\r\n\r\n@",
    ]
    /// First lines of the request around it.
    private static let lines = [
        "POST /v2/outer/tags/list HTTP/1.1", "GET /v2/outer/tags/list HTTP/1.1", "POST /v2/outer/tags/list HTTP/1.0",
        "HEAD /v2/outer/tags/list HTTP/1.1",
    ]

    enum Proxy: String, CaseIterable, Sendable {
        case nginx, haproxy
    }

    @Test(arguments: Proxy.allCases) func aRequestEndsWhereTheProxySaysItDoes(_ proxy: Proxy) async throws {
        var backends = Sample.backends
        backends.distribution = { DistributionResponse(status: .ok, body: .bytes(ByteBuffer(string: "answer to \($0.path)\n")), action: "ecr:Test") }
        try await withEdge(Sample.configuration, backends) { edge async throws in
            try await Self.withProxy(proxy, before: edge.port) { socket async throws in
                // Two requests that nobody can misread: the second one arrives, so that it would be seen if it did.
                let plain = try await withConnection(to: SocketAddress(unixDomainSocketPath: socket)) { connection async throws in
                    try await connection.send(Self.request("outer") + Self.request("hidden"))
                    // haproxy forgets the second one of who has hung up.
                    return try await connection.read(until: "answer to /v2/hidden/tags/list\n")
                }
                #expect(plain.contains("answer to /v2/outer") && plain.contains("answer to /v2/hidden"), "\(plain)")

                var (seen, taken) = (2, 0)
                for line in Self.lines {
                    for attack in Self.attacks {
                        let hidden = Self.request("hidden")
                        let length = hidden.utf8.count
                        let text = attack.replacing("#", with: "\(length)").replacing("%", with: String(length, radix: 16)).replacing(
                            "@", with: hidden)
                        let answers = try await Self.exchange(socket, "\(line)\r\nHost: x\r\n\(Self.authorization)\(text)")
                        let victim = try await Self.exchange(socket, Self.request("victim"))
                        guard victim.matches(of: #/HTTP/1\.1 /#).count == 1, victim.contains("answer to /v2/victim") else {
                            Issue.record("\(line) \(attack): \(victim)")
                            return
                        }

                        var requests: [[String: any Sendable]] = []
                        repeat {
                            requests = Array(try await edge.log.requests(seen + 1).dropFirst(seen))
                        } while !requests.contains { Self.path($0, "victim") }
                        seen += requests.count
                        taken += requests.count - 1
                        let hiddenOnes = requests.count { Self.path($0, "hidden") }
                        #expect(hiddenOnes <= answers.matches(of: #/answer to /v2/hidden/#).count, "\(line) \(attack): \(answers)")
                    }
                }
                #expect(taken > Self.attacks.count, "the proxy refuses nearly all by itself")
            }
        }
    }

    private static func path(_ request: [String: any Sendable], _ name: String) -> Bool {
        (request["path"] as? String)?.hasPrefix("/v2/\(name)/") == true
    }

    /// What the proxy answers to `text`, after which nothing comes.
    private static func exchange(_ socket: String, _ text: String) async throws -> String {
        try await withConnection(to: SocketAddress(unixDomainSocketPath: socket)) { connection async throws in
            try await connection.send(text)
            // It may have refused, and closed, before all of it was there.
            _ = try? await connection.channel.close(mode: .output).get()
            return await connection.readToEnd()
        }
    }
}

extension ProxyTests {
    /// Runs a proxy before the port of loopback; `body` is told the path of its socket.
    private static func withProxy(_ proxy: Proxy, before port: Int, _ body: @escaping @Sendable (String) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let (socket, file) = (folder.file("proxy.sock"), folder.file("conf"))
        let configuration = proxy == .nginx ? nginx(port: port, socket: socket, folder: folder) : haproxy(port: port, socket: socket)
        try configuration.write(toFile: file, atomically: true, encoding: .utf8)
        let process = try start(proxy.rawValue, proxy == .nginx ? ["-p", folder.path, "-c", file] : ["-f", file])
        // The services that tests run leave SIGTERM blocked.
        defer { kill(process.processIdentifier, SIGKILL) }
        while await !accepts(socket) {
            guard process.isRunning else { throw TestSetupError("\(proxy) does not start") }
        }
        try await body(socket)
    }

    private static func accepts(_ socket: String) async -> Bool {
        do {
            try await withConnection(to: SocketAddress(unixDomainSocketPath: socket)) { _ in }
            return true
        } catch {
            return false
        }
    }

    private static func haproxy(port: Int, socket: String) -> String {
        """
        defaults
            mode http
            timeout connect 5s
            timeout client 30s
            timeout server 30s
            retries 0
        frontend clients
            bind unix@\(socket)
            default_backend registry
        backend registry
            http-reuse always
            server berth 127.0.0.1:\(port)

        """
    }

    private static func nginx(port: Int, socket: String, folder: TemporaryFolder) -> String {
        """
        daemon off;
        master_process off;
        pid \(folder.file("pid"));
        error_log stderr crit;
        events {}
        http {
            access_log off;
            client_body_temp_path \(folder.file("body"));
            proxy_temp_path \(folder.file("proxy"));
            fastcgi_temp_path \(folder.file("fastcgi"));
            uwsgi_temp_path \(folder.file("uwsgi"));
            scgi_temp_path \(folder.file("scgi"));
            upstream berth { server 127.0.0.1:\(port); keepalive 1; }
            server {
                listen unix:\(socket);
                location / {
                    proxy_pass http://berth;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_set_header Host $http_host;
                    proxy_request_buffering off;
                    proxy_ignore_client_abort on;
                }
            }
        }
        """
    }
}
