extension [UInt8] {
    /// The bytes after their number, which is two bytes, the most significant first; at most 65,535.
    var counted: [UInt8] { [UInt8(count >> 8), UInt8(count & 0xff)] + self }
}

extension ArraySlice<UInt8> {
    /// Takes off the bytes that it begins with after their number, as `counted` writes them; nil where they are not all there.
    mutating func popCounted() -> ArraySlice<UInt8>? {
        guard let high = popFirst(), let low = popFirst() else { return nil }
        let bytes = prefix(Int(high) << 8 | Int(low))
        guard bytes.count == Int(high) << 8 | Int(low) else { return nil }
        removeFirst(bytes.count)
        return bytes
    }
}
