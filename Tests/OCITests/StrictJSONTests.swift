import Foundation
import JSONText
import OCI
import TestSupport
import Testing

@Suite("Strict JSON")
struct StrictJSONTests {
    @Test(
        "JSON passes",
        arguments: [
            "{}", "[]", " { } ", "null", "true", "false", "0", "-0", "12.5e+3", "1E-2", "\"\"", "[1,2]", "[ 1 , [ ] , { } ]",
            #"{"a":1,"b":{"a":2},"c":[{"a":1},{"a":2}]}"#, #""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#, "\"é😀\"", "\t\r\n{}\n",
        ])
    func passes(_ text: String) throws { try StrictJSON.check(Array(text.utf8)) }

    @Test(
        "What is not JSON fails where it stops being JSON",
        arguments: [
            ("", 0), ("  ", 2), ("{", 1), ("[", 1), ("[1", 2), ("[1,", 3), ("[1,]", 3), ("[,1]", 1), (#"{"a"}"#, 4), (#"{"a":}"#, 5),
            (#"{"a":1,}"#, 7),
            ("{a:1}", 1), ("{'a':1}", 1), ("]", 0), ("}", 0), ("[}", 1), ("{]", 1), ("01x", 1), ("+1", 0), ("-", 1), ("1.", 2), (".5", 0), ("1e", 2),
            ("tru", 0), ("nul", 0), ("NaN", 0), ("Infinity", 0), ("\"a", 2), ("\"\\x\"", 1), ("\"\\u12\"", 5), ("\"\\ud800\"", 1), ("\"\\ude00\"", 1),
            ("\"\\ud83dx\"", 1), ("\"\u{01}\"", 1), ("\"\n\"", 1), ("//a\n{}", 0), ("{}{", 2), ("\u{FEFF}{}", 0),
        ])
    func fails(_ text: String, offset: Int) {
        #expect {
            try StrictJSON.check(Array(text.utf8))
        } throws: { error in
            switch error as? StrictJSON.Fault {
            case .syntax(let place), .trailingBytes(let place): place == offset
            default: false
            }
        }
    }

    @Test(
        "A key twice in one object fails, however it is written",
        arguments: [#"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, #"[{"x":{"a":0,"b":1,"a":2}}]"#])
    func duplicateKey(_ text: String) {
        #expect(throws: StrictJSON.Fault.duplicateKey("a")) { try StrictJSON.check(Array(text.utf8)) }
    }

    @Test("Trailing bytes fail", arguments: ["{} x", "{}{}", "1 2", "null,", "{}\0"])
    func trailing(_ text: String) {
        #expect {
            try StrictJSON.check(Array(text.utf8))
        } throws: { error in
            if case .trailingBytes = error as? StrictJSON.Fault { true } else { false }
        }
    }

    @Test("Depth is limited exactly")
    func depth() throws {
        func nested(_ depth: Int) -> [UInt8] { Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8) }
        try StrictJSON.check(nested(32))
        #expect(throws: StrictJSON.Fault.tooDeep(limit: 32)) { try StrictJSON.check(nested(33)) }
        #expect(throws: StrictJSON.Fault.tooDeep(limit: 32)) { try StrictJSON.check([UInt8](repeating: UInt8(ascii: "["), count: 4 << 20)) }
    }

    @Test(
        "Bytes that are not UTF-8 fail",
        arguments: [[0xFF], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22]] as [[UInt8]])
    func invalidUTF8(_ text: [UInt8]) {
        #expect(throws: StrictJSON.Fault.invalidUTF8) { try StrictJSON.check(text) }
    }

    @Test("Whatever passes, Foundation reads too; mutated text never crashes", arguments: 0..<UInt64(8))
    func mutations(seed: UInt64) throws {
        var generator = SeededRandom(seed: seed)
        let seeds = [#"{"a":[1,-2.5e3,true,null,{"b":"\u00e9\ud83d\ude00x"}],"c":{"d":[]}}"#, #"[[["\"\\"],{}],0,"é"]"#]
        let alphabet = Array(#"{}[]",:\u0123456789abcdefeE+-.tnrl "#.utf8) + [0x00, 0x1F, 0x80, 0xC3, 0xFF]
        var passed = 0
        for _ in 0..<2_000 {
            var text = Array((seeds.randomElement(using: &generator) ?? "").utf8)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<text.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: text[place] = alphabet.randomElement(using: &generator) ?? 0
                case 1: text.remove(at: place)
                default: text.insert(alphabet.randomElement(using: &generator) ?? 0, at: place)
                }
            }
            if (try? StrictJSON.check(text)) != nil {
                passed += 1
                #expect(throws: Never.self, "\(String(decoding: text, as: UTF8.self))") {
                    try JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
                }
            }
        }
        #expect(passed > 50, "the mutations must leave some texts whole, or nothing was tested")
    }
}
