import Foundation
import OCI

/// The steps of `berth export` and `berth import`, with a line on standard error that shows how far they are.
struct LayoutSteps {
    private let runner: CommandRunner
    private let line = ProgressLine()

    init(_ runner: CommandRunner) { self.runner = runner }

    /// The answer to a step of an export.
    func ask<Answer: Decodable>(_ request: ExportRequest) async throws -> Answer {
        try JSONDecoder().decode(Answer.self, from: Data(try await runner.perform(.export(request)).utf8))
    }

    /// The names of all repositories that begin with that of `place`.
    func names(like place: RepositoryPlace) async throws -> [String] {
        var (names, last) = ([String](), String?.none)
        repeat {
            let answer: ExportAnswer.Names = try await ask(.names(place, after: last))
            names += answer.names
            last = answer.next
        } while last != nil
        return names
    }

    /// The answer to a step of an import.
    func ask<Answer: Decodable>(_ request: ImportRequest) async throws -> Answer {
        try JSONDecoder().decode(Answer.self, from: Data(try await runner.perform(.bring(request)).utf8))
    }

    /// A step of an import whose answer says nothing.
    func tell(_ request: ImportRequest) async throws { _ = try await runner.perform(.bring(request)) }

    /// Shows how much of `label` is done, in bytes.
    func show(_ label: String, _ done: Int64, of total: Int64) { line.show(label, ProgressBar(done: done, total: max(done, total), unit: .bytes)) }

    /// Does `step`, and meanwhile asks `progress` now and then.
    func watching<Value: Sendable>(_ progress: @escaping @Sendable () -> Void, _ step: () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    try await Task.sleep(for: .milliseconds(200))
                    progress()
                }
            }
            defer { group.cancelAll() }
            return try await step()
        }
    }

    /// Shows the last state.
    func end() { line.end() }
}
