import HTTPTypes
import HummingbirdCore
import NIOCore

/// Where one answer goes. To the connection in order; nothing here waits until it has left.
protocol AnswerWriter: ~Copyable {
    /// Writes a whole answer.
    consuming func write(_ head: HTTPResponse, _ body: ByteBuffer?) async throws

    /// Writes `head`, lets `body` send what follows past this writer, and ends the answer.
    consuming func write(_ head: HTTPResponse, around body: () async throws -> Void) async throws
}

extension ResponseWriter: AnswerWriter {
    consuming func write(_ head: HTTPResponse, _ body: ByteBuffer?) async throws {
        if let body { try await write(response: head, body: ResponseBody(byteBuffer: body)) } else { try await writeResponse(head) }
    }

    consuming func write(_ head: HTTPResponse, around body: () async throws -> Void) async throws {
        let rest = try await writeHead(head)
        try await body()
        try await rest.finish(nil)
    }
}
