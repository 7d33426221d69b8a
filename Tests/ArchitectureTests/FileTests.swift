import Testing

/// Sizes, names and forbidden constructs of the sources.
@Suite struct FileTests {
    @Test func filesAreSmall() throws {
        let sizes = try SourceFile.all().map { (file: $0.description, lines: $0.lines.count) }.sorted { $0.lines < $1.lines }
        #expect(sizes.filter { $0.lines > 500 }.map { "\($0.file): \($0.lines) lines" } == [])
        let median = sizes[sizes.count / 2].lines
        #expect(median < 100, "the median file has \(median) lines")
        let large = sizes.filter { $0.lines > 300 }
        #expect(large.count * 10 <= sizes.count, "more than one file in ten has over 300 lines: \(large.map(\.file))")
    }

    @Test func namesSayWhatThingsAre() throws {
        let empty = try SourceFile.all().filter { $0.name.contains(/(?:Manager|Helpers?|Utils?|Utilit(?:y|ies)|Placeholder)$/) }
        #expect(empty.map(\.description) == [])
    }

    @Test(arguments: [
        ("force unwrap", #"[\w)\]]!(?![=\w])"#),
        ("force try", #"\btry!"#),
        ("force cast", #"\bas!"#),
        ("stub", #"fatalError\("#),
        ("unsafe isolation", #"nonisolated\(unsafe\)"#),
        ("detached task", #"Task\.detached"#),
        ("empty catch", #"catch(?: let \w+| \w+)?\s*\{\s*\}"#),
    ])
    func forbidden(_ name: String, _ pattern: String) throws {
        let expression = try Regex(pattern)
        var found: [String] = []
        for file in try SourceFile.all() {
            for match in file.code.matches(of: expression) { found.append("\(file): \(file.code[match.range])") }
        }
        #expect(found == [], "\(name)")
    }

    /// The patterns above find what they are for, and nothing in strings or comments.
    @Test func literalsAndCommentsAreNotCode() {
        let file = SourceFile(
            module: "M", description: "Sources/M/A.swift",
            text: """
                /// Never value! in comments.
                let text = "value! \\" still text!" + other!
                if a != b, !c { }
                """)
        #expect(file.code.matches(of: /[\w)\]]!(?![=\w])/).count == 1)
    }
}
