import DistributionAPI
import Foundation
import HTTPEdge
import NIOCore
import Synchronization
import TestSupport
import Testing

/// What operators see.
@Suite struct OperationsTests {
    @Test func readinessFollowsTheProbes() async throws {
        let calls = Counter()
        var backends = Sample.backends
        backends.probes = [("database", { calls.increment() }), ("blobs", { throw TestSetupError("disk canary-detail") })]
        try await withEdge(Sample.configuration, backends) { edge async throws in
            #expect(try await curl("\(edge.url)/livez").output == "ok\n")
            let first = try await curl("-i", "\(edge.url)/readyz")
            #expect(first.output.hasPrefix("HTTP/1.1 503") && first.output.hasSuffix("blobs: failing\n"))
            _ = try await curl("\(edge.url)/readyz")
            #expect(calls.value == 1, "the second answer came from the cache")
            #expect(edge.log.text.contains("canary-detail"), "the log says why")
        }
        backends.probes.removeLast()
        try await withEdge(Sample.configuration, backends) { edge async throws in
            #expect(try await curl("-i", "\(edge.url)/readyz").output.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func probesRunOnceHoweverManyAsk() async throws {
        let calls = Counter()
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        var backends = Sample.backends
        backends.probes = [
            (
                "database",
                {
                    calls.increment()
                    for await _ in released { break }
                }
            )
        ]
        try await withEdge(Sample.configuration, backends) { edge async throws in
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<8 { group.addTask { try await curl("\(edge.url)/readyz").output } }
                while !edge.metrics.text.contains("berth_requests_in_flight 8") { await Task.yield() }
                release.finish()
                for try await answer in group { #expect(answer == "ok\n") }
            }
            #expect(calls.value == 1)
        }
    }

    /// The first of two listeners already serves when the second is there and the start is announced.
    @Test func nothingIsReadyBeforeTheStartIsAnnounced() async throws {
        let (announced, finish) = AsyncStream.makeStream(of: Void.self)
        var configuration = Sample.configuration
        configuration.plain.append(ListenAddress(host: "127.0.0.1", port: 0))
        try await withEdge(configuration, whileBound: { for await _ in announced { break } }) { edge async throws in
            #expect(try await curl("-i", "\(edge.url)/livez").output.hasPrefix("HTTP/1.1 200"))
            let early = try await curl("-i", "\(edge.url)/readyz").output
            #expect(early.hasPrefix("HTTP/1.1 503") && early.hasSuffix("starting\n"))
            finish.finish()
            while try await curl("\(edge.url)/readyz").output == "starting\n" {}
            #expect(try await curl("\(edge.url)/readyz").output == "ok\n")
        }
    }

    /// Backends whose answer waits for `release`, and says by `arrived` that it does.
    private static func held() -> (backends: Backends, arrived: AsyncStream<Void>, release: AsyncStream<Void>.Continuation) {
        let (arrived, arrive) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        var backends = Sample.backends
        backends.distribution = { _ in
            arrive.yield()
            for await _ in released { break }
            return DistributionResponse(status: .ok, body: .bytes(ByteBuffer(string: "finished")))
        }
        return (backends, arrived, release)
    }

    /// A connection that is busy when the stop comes learns of it by the next request that it sends.
    @Test func drainingIsNotReady() async throws {
        let (backends, arrived, release) = Self.held()
        try await withEdge(Sample.configuration, backends) { edge async throws in
            try await withConnection(edge.port) { connection async throws in
                try await connection.send("GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\nGET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                for await _ in arrived { break }
                await edge.stop()
                while try await curl("\(edge.url)/livez").status == 0 {}
                release.yield()
                let answers = await connection.readToEnd()
                #expect(answers.contains("finished"))
                #expect(answers.contains("HTTP/1.1 503") && answers.hasSuffix("draining\n"), "\(answers)")
            }
        }
    }

    @Test func drainingLetsRequestsFinishAndTakesNoMore() async throws {
        let (backends, arrived, release) = Self.held()
        try await withEdge(Sample.configuration, backends) { edge async throws in
            try await withConnection(edge.port) { connection async throws in
                try await connection.send("GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n")
                for await _ in arrived { break }
                await edge.stop()
                while try await curl("\(edge.url)/livez").status == 0 {}
                release.yield()
                let answer = await connection.readToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 200") && answer.hasSuffix("finished"))
            }
        }
    }

    @Test func drainingEndsAtItsDeadline() async throws {
        let folder = try TemporaryFolder()
        let blob = try TestBlob(size: 64 << 20, in: folder)
        var configuration = Sample.configuration
        configuration.limits.drain = .milliseconds(200)
        try await withEdge(configuration, BlobDeliveryTests.serving(blob)) { edge async throws in
            try await withConnection(edge.port) { connection async throws in
                try await connection.channel.setOption(.autoRead, value: false).get()
                try await connection.send("GET /v2/blob HTTP/1.1\r\nHost: x\r\n\r\n")
                while !edge.metrics.text.contains("berth_requests_in_flight 1") { await Task.yield() }
                await edge.stop()
                while blob.closed.load(ordering: .relaxed) == 0 { await Task.yield() }
            }
        }
        #expect(blob.closed.load(ordering: .relaxed) == 1)
    }

    @Test func metricsAreExposed() async throws {
        try await withEdge { edge async throws in
            _ = try await curl("\(edge.url)/v2/")
            _ = try await curl("\(edge.url)/nothing")
            edge.metrics.recordBuild(version: "1.2\"3")
            let page = try await curl("-i", "\(edge.url)/metrics")
            #expect(page.output.contains("text/plain; version=0.0.4"))
            let samples = try PrometheusSamples(try #require(page.output.split(separator: "\r\n\r\n", maxSplits: 1).last))
            #expect(samples[#"berth_requests_total{dialect="oci",action="ecr:Test",status="200"}"#] == 1)
            #expect(samples[#"berth_requests_total{dialect="none",action="",status="404"}"#] == 1)
            #expect(samples[#"berth_request_duration_seconds_count{dialect="oci",action="ecr:Test"}"#] == 1)
            #expect(samples[#"berth_request_duration_seconds_bucket{dialect="oci",action="ecr:Test",le="+Inf"}"#] == 1)
            #expect(samples["berth_requests_in_flight"] == 1, "this very request")
            #expect(samples["berth_connections_total"] == 3)
            #expect(samples[#"berth_build_info{version="1.2\"3"}"#] == 1)
            #expect(try #require(samples["process_resident_memory_bytes"]) > 1_000_000)
            #expect(try #require(samples["process_open_fds"]) > 3)
        }
    }

    @Test func secretsAreNotLogged() async throws {
        let folder = try TemporaryFolder()
        let blob = try TestBlob(size: 10, in: folder)
        try await withEdge(Sample.configuration, BlobDeliveryTests.serving(blob)) { edge async throws in
            _ = try await curl("-u", "AWS:\(Sample.token)", "\(edge.url)/v2/blob?secret=canary-query")
            _ = try await curl("-u", "AWS:canary-forged", "\(edge.url)/v2/blob")
            _ = try await curl("-H", "Authorization: Bearer canary-bearer", "\(edge.url)/v2/blob")
            _ = try await curl("\(edge.url)/layers/canary-link?X=canary-query")
            _ = try await curl("\(edge.url)/?Action=GetCallerIdentity&X-Amz-Signature=canary-signature")
            _ = try await curl("-d", "canary-body", "-H", "Cookie: canary-cookie", "-A", "canary-agent", edge.url)
            let lines = try await edge.log.requests(6)
            #expect(lines.count == 6)
            #expect(!edge.log.text.contains("canary"))
        }
    }

    @Test func addressesInUseAreNamed() async throws {
        try await withEdge { edge async throws in
            var configuration = Sample.configuration
            configuration.plain = [ListenAddress(host: "127.0.0.1", port: edge.port)]
            let taken = configuration
            let error = await #expect(throws: ListenError.self) { try await withEdge(taken) { _ in } }
            #expect(error?.description.hasPrefix("Cannot listen on 127.0.0.1:\(edge.port): ") == true)
        }
    }
}

/// Counts calls.
final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    func increment() { count.add(1, ordering: .relaxed) }
}

/// The text exposition format, read strictly.
struct PrometheusSamples {
    private var samples: [String: Double] = [:]

    init(_ text: some StringProtocol) throws {
        var types: [Substring: Substring] = [:]
        for line in text.split(separator: "\n", omittingEmptySubsequences: true).map({ Substring($0) }) {
            if line.hasPrefix("# TYPE ") {
                let parts = line.split(separator: " ")
                guard parts.count == 4, types.updateValue(parts[3], forKey: parts[2]) == nil else { throw TestSetupError("bad type: \(line)") }
            } else if !line.hasPrefix("# HELP ") {
                guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else {
                    throw TestSetupError("bad sample: \(line)")
                }
                let name = line.prefix { $0 != "{" && $0 != " " }
                let family = ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) && types[name.dropLast($0.count)] == "histogram" }
                guard types[family.map { name.dropLast($0.count) } ?? name] != nil else { throw TestSetupError("sample before its type: \(line)") }
                guard samples.updateValue(value, forKey: String(line[..<space])) == nil else { throw TestSetupError("twice: \(line)") }
            }
        }
    }

    subscript(series: String) -> Double? { samples[series] }
}
