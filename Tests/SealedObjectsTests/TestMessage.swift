import Crypto

@testable import SealedObjects

/// Whole messages in memory, sealed and opened chunk by chunk.
enum TestMessage {
    static func seal(_ plain: [UInt8], _ key: SymmetricKey, salt: [UInt8], _ context: [UInt8]) -> [UInt8] {
        let keys = MessageKeys(dataKey: key, salt: salt, context: context)
        var cipher = ChunkCipher(keys, isSealing: true)
        var sealed = keys.header
        for index in 0...(plain.count / ObjectLayout.chunk) {
            let start = index * ObjectLayout.chunk
            sealed += sealChunk(Array(plain[start..<min(plain.count, start + ObjectLayout.chunk)]), &cipher, at: Int64(index))
        }
        return sealed
    }

    static func open(_ sealed: [UInt8], _ key: SymmetricKey, _ context: [UInt8]) throws -> [UInt8] {
        guard ObjectLayout.size(ofSealed: Int64(sealed.count)) != nil else { throw ObjectDamage("its length is impossible") }
        var cipher = ChunkCipher(try MessageKeys(dataKey: key, header: Array(sealed[..<56]), context: context), isSealing: false)
        var (plain, index): ([UInt8], Int64) = ([], 0)
        while ObjectLayout.offset(ofChunk: index) < sealed.count {
            let start = Int(ObjectLayout.offset(ofChunk: index))
            plain += try openChunk(Array(sealed[start..<min(sealed.count, start + ObjectLayout.sealedChunk)]), &cipher, at: index)
            index += 1
        }
        return plain
    }

    static func sealChunk(_ plain: [UInt8], _ keys: MessageKeys) -> [UInt8] {
        var cipher = ChunkCipher(keys, isSealing: true)
        return sealChunk(plain, &cipher, at: 0)
    }

    static func openChunk(_ sealed: [UInt8], _ keys: MessageKeys) throws -> [UInt8] {
        var cipher = ChunkCipher(keys, isSealing: false)
        return try openChunk(sealed, &cipher, at: 0)
    }

    private static func sealChunk(_ plain: [UInt8], _ cipher: inout ChunkCipher, at index: Int64) -> [UInt8] {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: plain.count + ObjectLayout.tag, alignment: 16)
        defer { room.deallocate() }
        guard let base = room.baseAddress else { return [] }
        plain.withUnsafeBytes { cipher.seal($0, at: index, to: base) }
        return Array(room)
    }

    private static func openChunk(_ sealed: [UInt8], _ cipher: inout ChunkCipher, at index: Int64) throws -> [UInt8] {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: sealed.count, alignment: 16)
        defer { room.deallocate() }
        guard let base = room.baseAddress else { return [] }
        try sealed.withUnsafeBytes { bytes in
            do { try cipher.open(bytes, at: index, to: base) } catch {
                guard room[..<max(0, sealed.count - ObjectLayout.tag)].allSatisfy({ $0 == 0 }) else { throw LeakedPlaintext() }
                throw error
            }
        }
        return Array(room[..<(sealed.count - ObjectLayout.tag)])
    }

    struct LeakedPlaintext: Error {}
}
