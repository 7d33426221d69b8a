import HTTPTypes
import NIOCore

/// An answer as the bytes of HTTP/1.1 (RFC 9112 section 6). It goes out in one write, past the codecs that would take it apart
/// and put it together again; the end of the answer, written next, sends it.
struct WholeAnswer: Sendable {
    /// Up to here the body is copied behind the head, which costs less than a write of two pieces; in bytes.
    private static let copiedBody = 16 << 10

    let head: ByteBuffer
    /// What was too much to copy.
    let rest: ByteBuffer?
    let closesConnection: Bool

    /// `head` must say how long the body is, or have a status that allows none.
    init(_ head: HTTPResponse, _ body: ByteBuffer?, _ allocator: ByteBufferAllocator) {
        let copied = body.flatMap { $0.readableBytes <= Self.copiedBody ? $0 : nil }
        var bytes = allocator.buffer(capacity: 512 + (copied?.readableBytes ?? 0))
        var closesConnection = false
        bytes.writeStaticString("HTTP/1.1 ")
        bytes.writeString(String(head.status.code))
        bytes.writeStaticString(" ")
        bytes.writeString(head.status.reasonPhrase)
        bytes.writeStaticString("\r\n")
        for field in head.headerFields {
            bytes.writeString(field.name.rawName)
            bytes.writeStaticString(": ")
            bytes.writeString(field.value)
            bytes.writeStaticString("\r\n")
            if field.name == .connection, field.value == "close" { closesConnection = true }
        }
        bytes.writeStaticString("\r\n")
        if let copied { bytes.writeImmutableBuffer(copied) }
        self.head = bytes
        rest = copied == nil ? body : nil
        self.closesConnection = closesConnection
    }
}
