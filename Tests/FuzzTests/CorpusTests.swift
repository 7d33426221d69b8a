import Foundation
import FuzzTargets
import Testing

/// The inputs that libFuzzer found worth keeping (`make fuzz`), each tried again.
@Suite struct CorpusTests {
    /// An input this long in the works is a fault too: parsers must not be made to work without end.
    private static let patience = Duration.seconds(2)
    private static let corpora = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Corpus")

    @Test(arguments: FuzzTarget.all.map(\.name))
    func nothingBreaksAParser(name: String) async throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let run = try await target.prepare()
        var outcomes: Set<String> = []
        for file in try FileManager.default.contentsOfDirectory(at: Self.corpora.appendingPathComponent(name), includingPropertiesForKeys: nil) {
            let input = [UInt8](try Data(contentsOf: file))
            let begin = ContinuousClock.now
            do {
                outcomes.insert(try await run(input))
            } catch {
                Issue.record("\(file.lastPathComponent): \(error)")
            }
            #expect(.now - begin < Self.patience, "\(file.lastPathComponent)")
        }
        #expect(outcomes.count > 1, "the corpus must lead somewhere: \(outcomes)")
    }
}
