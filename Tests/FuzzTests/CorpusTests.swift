import Foundation
import FuzzTargets
import Testing

/// The inputs that libFuzzer found worth keeping (`make fuzz`), each tried again, and what grows from them.
@Suite struct CorpusTests {
    /// An input this long in the works is a fault too: parsers must not be made to work without end.
    private static let patience = Duration.seconds(2)
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    /// How many mutations each parser gets.
    private static let mutations = 3_000

    private static func corpus(_ name: String) throws -> [(name: String, input: [UInt8])] {
        let folder = folder.appendingPathComponent("Corpus/\(name)")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.lastPathComponent < $1.lastPathComponent }.map { ($0.lastPathComponent, [UInt8](try Data(contentsOf: $0))) }
    }

    /// The words of a parser's dictionary that are written without escapes.
    private static func words(_ name: String) throws -> [[UInt8]] {
        try String(contentsOf: folder.appendingPathComponent("Dictionaries/\(name).dict"), encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("\"") && !$0.contains("\\") }.map { Array($0.dropFirst().dropLast().utf8) }
    }

    /// What came of an input. One that takes long is tried again: where a machine was slow and not the parser, it is not long for ever.
    private static func outcome(of input: [UInt8], by run: FuzzTarget.Run) async throws -> String {
        for _ in 0..<20 {
            let begin = ContinuousClock.now
            let outcome = try await run(input)
            if .now - begin < patience { return outcome }
        }
        throw TakesTooLong()
    }

    private struct TakesTooLong: Error {}

    @Test(arguments: FuzzTarget.all.map(\.name))
    func nothingBreaksAParser(name: String) async throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let run = try await target.prepare()
        var outcomes: Set<String> = []
        for (file, input) in try Self.corpus(name) {
            do {
                outcomes.insert(try await Self.outcome(of: input, by: run))
            } catch {
                Issue.record("\(file): \(error)")
            }
        }
        #expect(outcomes.count > 1, "the corpus must lead somewhere: \(outcomes)")
    }

    @Test(arguments: FuzzTarget.all.map(\.name))
    func nothingThatGrowsFromThemBreaksAParser(name: String) async throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let run = try await target.prepare()
        let seeds = try Self.corpus(name).map(\.input)
        var mutations = Mutations(of: seeds, words: try Self.words(name))
        var outcomes: Set<String> = []
        for _ in 0..<Self.mutations {
            let input = mutations.next()
            do {
                if outcomes.insert(try await Self.outcome(of: input, by: run)).inserted { mutations.keep(input) }
            } catch {
                Issue.record("\(error)\nby the input \(Data(input).base64EncodedString())")
                return
            }
        }
        #expect(outcomes.count > 1, "the mutations must lead somewhere: \(outcomes)")
    }
}
