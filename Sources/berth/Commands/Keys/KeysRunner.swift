import Foundation

/// The steps of `berth keys`, with a line on standard error that shows how far they are.
struct KeysRunner {
    let line = ProgressLine()
    let runner: CommandRunner

    init(_ settings: Settings) throws { runner = try CommandRunner(settings) }

    func ask<Answer: Decodable>(_ request: KeysRequest) async throws -> Answer {
        try JSONDecoder().decode(Answer.self, from: Data(try await runner.perform(.keys(request)).utf8))
    }

    func close() async throws { try await runner.close() }
}
