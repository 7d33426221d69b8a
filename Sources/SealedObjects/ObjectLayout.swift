/// Where the bytes of a message lie in its sealed form: a header, then chunks of 16 KiB, each followed by its tag, of which the last is always
/// shorter than the others and may be empty.
///
/// Source: C2SP chunked-encryption, "Message chunking" (<https://c2sp.org/chunked-encryption>).
package enum ObjectLayout {
    /// Of the plaintext of every chunk but the last, in bytes.
    package static let chunk = 16 << 10
    /// Of the tag behind each chunk, in bytes.
    package static let tag = 16
    /// Of a whole chunk with its tag, in bytes.
    package static let sealedChunk = chunk + tag
    /// Of salt and commitment, in bytes.
    package static let header = MessageKeys.saltSize + MessageKeys.commitmentSize

    /// How many bytes a message of `size` bytes has when it is sealed.
    package static func sealedSize(of size: Int64) -> Int64 {
        Int64(header) + size + (size / Int64(chunk) + 1) * Int64(tag)
    }

    /// The size of the message whose sealed form has `size` bytes; nil when none has.
    package static func size(ofSealed size: Int64) -> Int64? {
        let body = size - Int64(header)
        guard body >= Int64(tag) else { return nil }
        let last = body % Int64(sealedChunk)
        guard last >= Int64(tag) else { return nil }
        return body / Int64(sealedChunk) * Int64(chunk) + last - Int64(tag)
    }

    /// Where chunk `index` begins in the sealed form.
    package static func offset(ofChunk index: Int64) -> Int64 { Int64(header) + index * Int64(sealedChunk) }
}

/// Bytes that are not what was sealed, or were sealed under another key or for another context.
package struct ObjectDamage: Error, Hashable {
    package let reason: String

    package init(_ reason: String) { self.reason = reason }
}
