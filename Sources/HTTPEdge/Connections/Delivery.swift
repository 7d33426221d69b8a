import DistributionAPI
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Stores

/// How the answer went out.
struct Delivered: Sendable {
    enum Outcome: Sendable {
        case complete
        case failure(any Error)
    }

    /// Of the body, in bytes; of a file that was broken off, what is known to have left.
    var bytes: Int64
    var outcome: Outcome
}

/// Writes answers to connections. Large blobs go by sendfile where nothing has to be done to their bytes, else piece by
/// piece, the next one read when the last one has left, so that memory stays flat however slow the clients are.
struct Delivery: Sendable {
    /// Up to this size a blob is read and written in one go, in bytes.
    private static let smallBlob = 256 << 10

    /// So many bytes of a download are read on the event loop, where a change of threads would cost more than the reading; then a little is read
    /// elsewhere, so that the other connections have their turn however fast the client is.
    private static let turn: Int64 = 8 << 20
    private static let betweenTurns = 48 << 10

    let log: Logger
    private let pieces = PiecePool()

    init(log: Logger) { self.log = log }

    /// Sends `answer` and closes its blob, whatever happens.
    func send(_ answer: Answer, in exchange: Exchange, _ writer: consuming some AnswerWriter & ~Copyable) async -> Delivered {
        var answer = answer
        if case .blob(let blob, let range) = answer.body, range.count <= Self.smallBlob || exchange.head.method == .head {
            answer = await loaded(answer, blob, range, exchange)
        }
        let head = HTTPResponse(status: answer.status, headerFields: answer.headers)
        do {
            switch answer.body {
            case .none: try await writer.write(head, nil)
            case .bytes where exchange.head.method == .head: try await writer.write(head, nil)
            case .bytes(let bytes):
                try await writer.write(head, bytes)
                return Delivered(bytes: Int64(bytes.readableBytes), outcome: .complete)
            case .blob(let blob, let range): return await large(blob, range, head, exchange, writer)
            }
            return Delivered(bytes: 0, outcome: .complete)
        } catch {
            return Delivered(bytes: 0, outcome: .failure(error))
        }
    }

    /// `answer` with the bytes of its blob in memory, or without any for HEAD.
    private func loaded(_ answer: Answer, _ blob: any OpenBlob, _ range: Range<Int64>, _ exchange: Exchange) async -> Answer {
        defer { blob.close() }
        var answer = answer
        answer.body = .none
        guard exchange.head.method != .head else { return answer }
        do {
            let bytes = try await blob.readSoon(at: range.lowerBound, count: range.count)
            guard bytes.readableBytes == range.count else { throw BlobStoreError.failed("blob is shorter than its size") }
            answer.body = .bytes(bytes)
            return answer
        } catch {
            log.error("blob not readable", metadata: ["request-id": "\(exchange.requestID)", "error": "\(String(reflecting: error))"])
            var failure = Answer.text(.internalServerError, "An internal error occurred.\n")
            failure.action = answer.action
            failure.headers[.contentLength] = failure.body.count
            for name in [HTTPField.Name.date, .connection, .amznRequestID] { failure.headers[name] = answer.headers[name] }
            return failure
        }
    }

    private func large(
        _ blob: any OpenBlob, _ range: Range<Int64>, _ head: HTTPResponse, _ exchange: Exchange,
        _ writer: consuming some AnswerWriter & ~Copyable
    ) async -> Delivered {
        defer { blob.close() }
        let channel = exchange.channel
        var sent: Int64 = 0
        do {
            try await writer.write(head) {
                // A stalled write ends only with its connection.
                try await withTaskCancellationHandler {
                    if let descriptor = blob.fileDescriptor, !exchange.isTLS {
                        try await sendFile(descriptor, range, on: channel)
                        sent = Int64(range.count)
                    } else {
                        try await sendPieces(blob, range, on: channel, sent: &sent)
                    }
                } onCancel: {
                    channel.close(promise: nil)
                }
            }
            return Delivered(bytes: sent, outcome: .complete)
        } catch {
            return Delivered(bytes: sent, outcome: .failure(error))
        }
    }

    private func sendFile(_ descriptor: CInt, _ range: Range<Int64>, on channel: any Channel) async throws {
        let handle = Self.handle(descriptor)
        // The descriptor is the blob's: lent, never closed here.
        defer { Self.release(handle) }
        let region = FileRegion(fileHandle: handle, readerIndex: Int(range.lowerBound), endIndex: Int(range.upperBound))
        try await channel.triggerUserOutboundEvent(SendFile(region: region))
    }

    /// A piece is read, and decrypted where that is needed, while the last one drains from the connection's buffer in the kernel.
    private func sendPieces(_ blob: any OpenBlob, _ range: Range<Int64>, on channel: any Channel, sent: inout Int64) async throws {
        let piece = pieces.take()
        defer { pieces.give(piece) }
        var turn: Int64 = 0
        while sent < range.count {
            let offset = range.lowerBound + sent
            let count = Int(min(range.upperBound - offset, Int64(piece.capacity)))
            let bytes: ByteBuffer
            if turn < Self.turn, let found = try blob.readNow(at: offset, count: count, into: piece) {
                turn += Int64(found.readableBytes)
                bytes = found
            } else {
                bytes = try await blob.read(at: offset, count: turn < Self.turn ? count : min(count, Self.betweenTurns), into: piece)
                turn = 0
            }
            let length = Int64(bytes.readableBytes)
            guard length > 0 else { throw BlobStoreError.failed("blob is shorter than its size") }
            try await channel.triggerUserOutboundEvent(SendBytes(bytes: bytes))
            sent += length
        }
    }

    // NIO offers these outside of asynchronous contexts only.
    private static func handle(_ descriptor: CInt) -> NIOFileHandle { NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: descriptor) }

    private static func release(_ handle: NIOFileHandle) {
        do {
            _ = try handle.takeDescriptorOwnership()
        } catch {
            preconditionFailure("a file is in use after its write has ended: \(error)")
        }
    }
}

extension DistributionResponse.Body {
    fileprivate var count: String? { if case .bytes(let bytes) = self { String(bytes.readableBytes) } else { nil } }
}
