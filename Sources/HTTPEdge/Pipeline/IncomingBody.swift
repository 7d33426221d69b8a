import DistributionAPI
import HTTPTypes
import HummingbirdCore
import NIOCore
import Synchronization

/// The body of a request as it arrives, read once. The first read sends `100 Continue` to a client that waits for it, so a
/// request that is refused before sends nothing.
struct IncomingBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    private final class Progress: Sendable {
        let bytes = Atomic<Int64>(0)
        let isTaken = Atomic<Bool>(false)
        let isFinished = Atomic<Bool>(false)
    }

    private let base: RequestBody?
    private let channel: any Channel
    private let limits: EdgeLimits
    private let expectsContinue: Bool
    private let hasBody: Bool
    private let progress = Progress()
    /// In bytes, where the client says it.
    let length: Int64?

    init(_ base: RequestBody?, of head: HTTPRequest, on channel: any Channel, limits: EdgeLimits) {
        self.base = base
        self.channel = channel
        self.limits = limits
        let length = head.headerFields.first(.contentLength).flatMap { Int64($0) }
        self.length = length
        hasBody = length.map { $0 > 0 } ?? head.headerFields.contains(.transferEncoding)
        expectsContinue = head.headerFields.first(.expect)?.lowercased() == "100-continue"
    }

    /// What was read so far.
    var bytesRead: Int64 { progress.bytes.load(ordering: .relaxed) }

    /// True when more of the body is to come than is worth reading, or than the client will send.
    var leavesConnectionUnusable: Bool {
        guard hasBody, !progress.isFinished.load(ordering: .acquiring) else { return false }
        if expectsContinue, !progress.isTaken.load(ordering: .acquiring) { return true }
        guard let length else { return true }
        return length - bytesRead > 64 << 10
    }

    func makeAsyncIterator() -> AsyncIterator {
        if progress.isTaken.exchange(true, ordering: .acquiringAndReleasing) { return AsyncIterator(body: self, base: nil) }
        return AsyncIterator(body: self, base: (base ?? RequestBody(buffer: ByteBuffer())).makeAsyncIterator())
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let body: IncomingBody
        fileprivate var base: RequestBody.AsyncIterator?
        private var isFirst = true
        private var waited = Duration.zero

        fileprivate init(body: IncomingBody, base: RequestBody.AsyncIterator?) {
            self.body = body
            self.base = base
        }

        /// The next bytes; nil at the end. Throws when the client goes away before it, or dawdles.
        mutating func next() async throws -> ByteBuffer? {
            guard base != nil else { throw BodyReadTwice() }
            if isFirst {
                isFirst = false
                if body.expectsContinue, body.hasBody { body.channel.triggerUserOutboundEvent(SendContinue(), promise: nil) }
            }
            let start = ContinuousClock.now
            let next = try await base?.next()
            waited += .now - start
            guard let next else {
                if let length = body.length, body.bytesRead < length { throw BodyError.brokenOff }
                body.progress.isFinished.store(true, ordering: .releasing)
                return nil
            }
            let total = body.progress.bytes.add(Int64(next.readableBytes), ordering: .relaxed).newValue
            // Only time spent waiting for the client counts, so that a slow disk is not held against it.
            let grace = body.limits.slowSenderGrace
            if waited > grace, Double(total) < (waited - grace) / .seconds(1) * Double(body.limits.slowestSender) { throw BodyError.tooSlow }
            return next
        }
    }
}

/// An error of the program: what was read is gone.
struct BodyReadTwice: Error {}
