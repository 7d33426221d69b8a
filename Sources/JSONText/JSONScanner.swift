/// The state machine behind `StrictJSON`: one pass over valid UTF-8, with a stack of its own.
struct JSONScanner {
    private enum Expected {
        case value
        case valueOrArrayEnd
        case key
        case keyOrObjectEnd
        case separatorOrEnd
    }

    private let text: [UInt8]
    private let maximumDepth: Int
    private var position = 0
    private var expected = Expected.value
    /// One entry for each open container: the keys seen of an object, nil for an array.
    private var open: [Set<String>?] = []

    init(text: [UInt8], maximumDepth: Int) {
        self.text = text
        self.maximumDepth = maximumDepth
    }

    mutating func scan() throws(StrictJSON.Fault) {
        repeat {
            skipWhitespace()
            switch expected {
            case .value: try value()
            case .valueOrArrayEnd: if peek(UInt8(ascii: "]")) { try close() } else { try value() }
            case .key: try key()
            case .keyOrObjectEnd: if peek(UInt8(ascii: "}")) { try close() } else { try key() }
            case .separatorOrEnd: try separatorOrEnd()
            }
        } while !(open.isEmpty && expected == .separatorOrEnd)
        skipWhitespace()
        guard position == text.count else { throw .trailingBytes(offset: position) }
    }

    private mutating func value() throws(StrictJSON.Fault) {
        guard position < text.count else { throw .syntax(offset: position) }
        switch text[position] {
        case UInt8(ascii: "{"): try push([], then: .keyOrObjectEnd)
        case UInt8(ascii: "["): try push(nil, then: .valueOrArrayEnd)
        case UInt8(ascii: "\""):
            _ = try string()
            expected = .separatorOrEnd
        case UInt8(ascii: "t"): try literal("true")
        case UInt8(ascii: "f"): try literal("false")
        case UInt8(ascii: "n"): try literal("null")
        default: try number()
        }
    }

    private mutating func key() throws(StrictJSON.Fault) {
        guard peek(UInt8(ascii: "\"")) else { throw .syntax(offset: position) }
        let key = try string()
        guard open[open.count - 1]?.insert(key).inserted == true else { throw .duplicateKey(key) }
        skipWhitespace()
        guard peek(UInt8(ascii: ":")) else { throw .syntax(offset: position) }
        position += 1
        expected = .value
    }

    private mutating func separatorOrEnd() throws(StrictJSON.Fault) {
        if peek(UInt8(ascii: ",")) {
            position += 1
            expected = open[open.count - 1] == nil ? .value : .key
        } else {
            try close()
        }
    }

    private mutating func push(_ keys: Set<String>?, then next: Expected) throws(StrictJSON.Fault) {
        guard open.count < maximumDepth else { throw .tooDeep(limit: maximumDepth) }
        position += 1
        open.append(keys)
        expected = next
    }

    private mutating func close() throws(StrictJSON.Fault) {
        let end = open[open.count - 1] == nil ? UInt8(ascii: "]") : UInt8(ascii: "}")
        guard peek(end) else { throw .syntax(offset: position) }
        position += 1
        open.removeLast()
        expected = .separatorOrEnd
    }

    private mutating func literal(_ word: StaticString) throws(StrictJSON.Fault) {
        let end = position + word.utf8CodeUnitCount
        let isWord = end <= text.count && word.withUTF8Buffer { $0.elementsEqual(text[position..<end]) }
        guard isWord else { throw .syntax(offset: position) }
        position = end
        expected = .separatorOrEnd
    }

    private mutating func number() throws(StrictJSON.Fault) {
        if peek(UInt8(ascii: "-")) { position += 1 }
        if peek(UInt8(ascii: "0")) { position += 1 } else { try digits() }
        if peek(UInt8(ascii: ".")) {
            position += 1
            try digits()
        }
        if peek(UInt8(ascii: "e")) || peek(UInt8(ascii: "E")) {
            position += 1
            if peek(UInt8(ascii: "+")) || peek(UInt8(ascii: "-")) { position += 1 }
            try digits()
        }
        expected = .separatorOrEnd
    }

    private mutating func digits() throws(StrictJSON.Fault) {
        let start = position
        while position < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position]) { position += 1 }
        guard position > start else { throw .syntax(offset: position) }
    }

    /// Reads a string with its quotes and undoes the escapes, since `"a"` and `"\u0061"` are the same key.
    private mutating func string() throws(StrictJSON.Fault) -> String {
        position += 1
        var decoded: [UInt8] = []
        while position < text.count {
            let byte = text[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: decoded, as: UTF8.self)
            case UInt8(ascii: "\\"): decoded.append(contentsOf: try escape())
            case 0..<0x20: throw .syntax(offset: position)
            default:
                decoded.append(byte)
                position += 1
            }
        }
        throw .syntax(offset: position)
    }

    private mutating func escape() throws(StrictJSON.Fault) -> [UInt8] {
        let start = position
        guard start + 1 < text.count else { throw .syntax(offset: start) }
        position += 2
        switch text[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [text[start + 1]]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(try unicodeEscape(from: start)).utf8)
        default: throw .syntax(offset: start)
        }
    }

    private mutating func unicodeEscape(from start: Int) throws(StrictJSON.Fault) -> Character {
        var code = try hexadecimal()
        if (0xD800..<0xDC00).contains(code) {
            guard peek(UInt8(ascii: "\\")), position + 1 < text.count, text[position + 1] == UInt8(ascii: "u") else { throw .syntax(offset: start) }
            position += 2
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low) else { throw .syntax(offset: start) }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        // A lone low surrogate is no scalar.
        guard let scalar = Unicode.Scalar(code) else { throw .syntax(offset: start) }
        return Character(scalar)
    }

    private mutating func hexadecimal() throws(StrictJSON.Fault) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard position < text.count, let digit = Character(Unicode.Scalar(text[position])).hexDigitValue else { throw .syntax(offset: position) }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private func peek(_ byte: UInt8) -> Bool { position < text.count && text[position] == byte }

    private mutating func skipWhitespace() {
        while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) { position += 1 }
    }
}
