import AWSCore
import IAM
import TestSupport
import Testing

/// Policies that are long, odd, or made to harm.
@Suite struct HostilePolicyTests {
    /// Counted in comparisons, which no load of the machine changes. The last pattern is the worst there is: one long run that
    /// nearly fits everywhere.
    @Test(arguments: [
        (String(repeating: "*a", count: 1000) + "b", 20_000, 40_000), (String(repeating: "a*", count: 1000), 20_000, 40_000),
        (String(repeating: "*", count: 5000) + "b", 20_000, 40_000), (String(repeating: "?*", count: 1000) + "b", 20_000, 40_000),
        ("*" + String(repeating: "a", count: 100) + "b", 20_000, 20_000 * 102),
    ])
    func noPatternIsCatastrophic(pattern: String, length: Int, bound: Int) {
        let text = String(repeating: "a", count: length)
        var steps = 0
        _ = Wildcard(pattern).matches(text, steps: &steps)
        #expect(steps <= bound)
        #expect(steps > 0)
    }

    @Test func theLongestDocumentIsRead() throws {
        let head = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":["arn:aws:ecr:*:*:repository/app""#
        let tail = #"]}]}"#
        let filler = #","arn:aws:ecr:*:*:repository/é/${aws:PrincipalTag/team}/*""#
        let room = 131_072 - head.unicodeScalars.count - tail.unicodeScalars.count
        let count = room / filler.unicodeScalars.count
        let blanks = String(repeating: " ", count: room - count * filler.unicodeScalars.count)
        let text = head + String(repeating: filler, count: count) + blanks + tail
        #expect(text.unicodeScalars.count == 131_072)
        let document = try PolicyDocument(json: text, as: .identity)
        #expect(document.statements[0].resources?.patterns.count == count + 1)
        #expect(decide(request(), [document]).isAllowed)
        #expect(PolicyLayout(of: text).statements.count == 1)
    }

    @Test(arguments: [
        #"{"Version":"2012-10-17","Statement":[],"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
        #"{"Version":"2012-10-17","Statement":{"Effect":"Deny","\u0045ffect":"Allow","Action":"*","Resource":"*"}}"#,
        #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"a":"true"},"Bool":{"a":"false"}}}}"#,
        #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"a":"true","a":"false"}}}}"#,
    ])
    func aKeyTwiceIsRefused(text: String) {
        #expect(throws: MalformedPolicy.self) { try PolicyDocument(json: text, as: .identity) }
    }

    @Test func nonASCIITextIsText() throws {
        for name in ["caf\u{e9}", "\u{65e5}\u{672c}", "\u{1f433}"] {
            let document = try policy(statement("Allow", when: #"{"StringEquals":{"k":"\#(name)"}}"#))
            #expect(decide(request(facts: ["k": [name]]), [document]).isAllowed)
            #expect(!decide(request(facts: ["k": [String(name.dropLast())]]), [document]).isAllowed)
            let like = try policy(statement("Allow", when: #"{"StringLike":{"k":"\#(name.dropLast())?"}}"#))
            #expect(decide(request(facts: ["k": [name]]), [like]).isAllowed, "a letter is one letter, however many bytes it takes")
        }
    }

    @Test func deepNestingIsRefused() {
        let text = #"{"Version":"2012-10-17","Statement":"# + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000) + "}"
        #expect(throws: MalformedPolicy.self) { try PolicyDocument(json: text, as: .identity) }
    }

    /// Documents broken at random: refused, or read as something that decides, and the same at every reading.
    @Test(arguments: 0..<40)
    func brokenDocuments(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let original =
            Array(
                #"{"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"A1","Effect":"Allow","Action":["ecr:Get*","ecr:PutImage"],"#.utf8)
            + Array(#""Resource":"arn:aws:ecr:*:*:repository/${aws:username, 'app'}","Condition":{"ForAnyValue:StringLike":"#.utf8)
            + Array(#"{"aws:TagKeys":["a*",1,true]},"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}},"#.utf8)
            + Array(#"{"Effect":"Deny","NotAction":"iam:*","NotResource":"*"}]}"#.utf8)
        let alphabet = Array(#"{}[]",:*?$\a1 "#.utf8)
        var read = 0
        for _ in 0..<250 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
                default: bytes.replaceSubrange(place..<min(bytes.count, place + 9), with: original.suffix(Int.random(in: 0..<20, using: &random)))
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let statements = PolicyLayout(of: text).statements
            let asked = request(facts: ["aws:TagKeys": ["a", "b"]])
            let document: PolicyDocument
            do { document = try PolicyDocument(json: text, as: .identity) } catch { continue }
            read += 1
            #expect(statements.count == document.statements.count)
            #expect(try decide(asked, [PolicyDocument(json: text, as: .identity)]) == decide(asked, [document]))
        }
        #expect(read > 0)
    }

    /// What a user can choose, a tag or a name, brings no wildcard, colon or variable into a policy.
    @Test(arguments: ["*", "?pp", "app:x", "${*}", "a*", "${aws:PrincipalTag/team}"])
    func valuesOfVariablesStandForThemselves(value: String) throws {
        let document = try policy(statement("Allow", on: #""arn:aws:ecr:*:*:repository/${aws:PrincipalTag/team}""#))
        #expect(!decide(request(facts: ["aws:PrincipalTag/team": [value]]), [document]).isAllowed)
        let like = try policy(statement("Allow", when: #"{"StringLike":{"k":"${aws:PrincipalTag/team}"}}"#))
        #expect(!decide(request(facts: ["aws:PrincipalTag/team": [value], "k": ["app"]]), [like]).isAllowed)
        #expect(decide(request(facts: ["aws:PrincipalTag/team": [value], "k": [value]]), [like]).isAllowed)
    }
}
