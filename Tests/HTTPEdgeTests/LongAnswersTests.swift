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

    @Test func theyHaveALowerPriority() async {
        func priority() -> CInt { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
        let before = await Task.detached { priority() }.value
        let within = await withTaskExecutorPreference(LongAnswers.shared) {
            await Task.yield()
            return priority()
        }
        #expect(within == min(before + 5, 19))
        #expect(await Task.detached { priority() }.value == before)
    }
}
