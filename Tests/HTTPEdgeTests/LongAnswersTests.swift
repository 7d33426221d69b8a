import CProcessors
import Foundation
import HTTPTypes
import NIOEmbedded
import Testing

@testable import HTTPEdge

@Suite struct LongAnswersTests {
    @Test(arguments: [
        (HTTPRequest.Method.get, "/v2/app/tags/list?n=10", String?.none, true), (.get, "/v2/app/manifests/latest", nil, false),
        (.get, "/v2/app/blobs/sha256:0", nil, false), (.post, "/", "AmazonEC2ContainerRegistry_V20150921.ListImages", true),
        (.post, "/", "AmazonEC2ContainerRegistry_V20150921.DescribeImages", true),
        (.post, "/", "AmazonEC2ContainerRegistry_V20150921.PutImage", false),
        (.post, "/", "AmazonEC2ContainerRegistry_V20150921.BatchGetImage", false),
        (.delete, "/v2/app/manifests/latest", nil, false), (.post, "/", nil, false),
    ])
    func pagesAreWhatAsksForManyThings(method: HTTPRequest.Method, path: String, target: String?, expected: Bool) throws {
        var head = HTTPRequest(method: method, scheme: "http", authority: "x", path: path)
        if let target { head.headerFields[.amzTarget] = target }
        let exchange = Exchange(head, on: EmbeddedChannel(), isTLS: false)
        #expect((!exchange.isShort && exchange.asksForPage) == expected)
    }

    @Test(arguments: [
        (HTTPRequest.Method.post, "/v2/app/blobs/uploads/", "0", true), (.put, "/v2/a/b/blobs/uploads/7f", "900000000", true),
        (.patch, "/v2/app/blobs/uploads/7f", "900000000", true), (.put, "/v2/app/manifests/latest", "16384", true),
        (.put, "/v2/app/manifests/latest", "16385", false), (.put, "/v2/uploads/manifests/latest", "16385", false),
        (.put, "/v2/blobs/uploads/manifests/latest", "16385", false), (.put, "/v2/manifests", "1", false), (.post, "/uploads/x", "1", false),
        (.put, "/v2/", "1", false),
    ])
    func whatIsShortIsToldByTheLastSegments(method: HTTPRequest.Method, path: String, length: String, expected: Bool) {
        var head = HTTPRequest(method: method, scheme: "http", authority: "x", path: path)
        head.headerFields[.contentLength] = length
        #expect(Exchange(head, on: EmbeddedChannel(), isTLS: false).isShort == expected)
    }

    @Test func theyHaveALowerPriority() async {
        func priority() -> CInt { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
        let before = await Task.detached { priority() }.value
        let within = await withTaskExecutorPreference(LongAnswers.shared) {
            await Task.yield()
            return priority()
        }
        #expect(within == min(before + 10, 19))
        #expect(await Task.detached { priority() }.value == before)
    }

    @Test(arguments: [
        // Waited, without anyone in the way: for the disk.
        (Duration.milliseconds(30), Duration.milliseconds(2), Int64(0), UInt64(5), Duration.zero),
        // Interrupted for next to nothing.
        (.microseconds(2090), .milliseconds(2), 3, 5, .zero),
        (.microseconds(2500), .milliseconds(2), 1, 1, .milliseconds(4)),
        (.milliseconds(40), .milliseconds(2), 9, 5, .milliseconds(50)),
        (.milliseconds(2), .milliseconds(2), 1, 5, .zero),
        // By what is no request.
        (.milliseconds(40), .milliseconds(2), 9, 0, .zero),
    ])
    func whoStoodInTheWayOfShortRequestsRestsAfterwards(
        took: Duration, running: Duration, interruptions: Int64, others: UInt64, expected: Duration
    ) {
        #expect(LongAnswers.rest(after: took, running: running, interruptions: interruptions, others: others) == expected)
    }

    @Test func aSleepIsNoUseOfTheProcessor() {
        let before = processor_use()
        Thread.sleep(forTimeInterval: 0.3)
        let asleep = processor_use()
        #expect(asleep.nanoseconds - before.nanoseconds < 200_000_000)
        let until = ContinuousClock.now + .seconds(30)
        // Ends as soon as work counts.
        while processor_use().nanoseconds < asleep.nanoseconds + 20_000_000, ContinuousClock.now < until {}
        #expect(ContinuousClock.now < until)
    }
}
