/// What can stand in an answer.
package protocol JSONValue {
    func write(to json: inout JSONWriter)
}

/// A structure of the API: its members in the model's order.
package protocol JSONObject: JSONValue {
    func members(_ json: inout JSONWriter)
}

extension JSONObject {
    package func write(to json: inout JSONWriter) {
        json.object { members(&$0) }
    }
}

/// Writes JSON straight into bytes, members in the order of the calls; slashes are not escaped.
package struct JSONWriter {
    /// What was written so far.
    package private(set) var bytes: [UInt8] = []

    package init() { bytes.reserveCapacity(512) }

    /// A member, left out when `value` is nil.
    package mutating func member(_ name: String, _ value: (some JSONValue)?) {
        guard let value else { return }
        key(name)
        value.write(to: &self)
    }

    /// A member that is a structure.
    package mutating func member(_ name: String, _ members: (inout JSONWriter) -> Void) {
        key(name)
        object(members)
    }

    /// A time: seconds since 1970 with a fraction, left out when nil.
    package mutating func member(_ name: String, milliseconds: Int64?) {
        guard let milliseconds else { return }
        key(name)
        raw("\(milliseconds / 1000)")
        let fraction = milliseconds % 1000
        guard fraction > 0 else { return }
        raw(".\(fraction / 100)\(fraction / 10 % 10)\(fraction % 10)")
    }

    /// `{…}` with what `members` writes.
    package mutating func object(_ members: (inout JSONWriter) -> Void) {
        bytes.append(UInt8(ascii: "{"))
        members(&self)
        close(UInt8(ascii: "}"))
    }

    /// `[…]`.
    package mutating func array(_ elements: some Sequence<some JSONValue>) {
        bytes.append(UInt8(ascii: "["))
        for element in elements {
            value(element)
            bytes.append(UInt8(ascii: ","))
        }
        close(UInt8(ascii: "]"))
    }

    /// One value, as the whole text or an element.
    package mutating func value(_ value: some JSONValue) {
        value.write(to: &self)
    }

    /// A string with what JSON must escape.
    package mutating func string(_ text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { utf8 in
            if utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
                bytes.append(contentsOf: utf8)
            } else {
                for byte in utf8 { escaped(byte) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    fileprivate mutating func raw(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func key(_ name: String) {
        if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
        string(name)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func escaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): raw("\\\"")
        case UInt8(ascii: "\\"): raw("\\\\")
        case UInt8(ascii: "\n"): raw("\\n")
        case UInt8(ascii: "\r"): raw("\\r")
        case UInt8(ascii: "\t"): raw("\\t")
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            raw("\\u00")
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        default: bytes.append(byte)
        }
    }

    private mutating func close(_ bracket: UInt8) {
        if bytes.last == UInt8(ascii: ",") { bytes.removeLast() }
        bytes.append(bracket)
    }
}

extension String: JSONValue {
    package func write(to json: inout JSONWriter) { json.string(self) }
}

extension Int: JSONValue {
    package func write(to json: inout JSONWriter) { json.raw(String(self)) }
}

extension Int64: JSONValue {
    package func write(to json: inout JSONWriter) { json.raw(String(self)) }
}

extension Bool: JSONValue {
    package func write(to json: inout JSONWriter) { json.raw(self ? "true" : "false") }
}

extension Array: JSONValue where Element: JSONValue {
    package func write(to json: inout JSONWriter) { json.array(self) }
}

/// A map of the API.
extension Dictionary: JSONValue where Key == String, Value: JSONValue {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            for (key, value) in sorted(by: { $0.key < $1.key }) { json.member(key, value) }
        }
    }
}
