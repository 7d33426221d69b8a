import Foundation
import RegistryCore

/// The steps of `berth lifecycle`, with a line on standard error that shows how far they are.
struct LifecycleSteps {
    private let runner: CommandRunner
    private let line = ProgressLine()

    init(_ runner: CommandRunner) { self.runner = runner }

    /// The answer to a request.
    func ask<Answer: Decodable>(_ request: LifecycleRequest) async throws -> Answer {
        try JSONDecoder().decode(Answer.self, from: Data(try await runner.perform(.lifecycle(request)).utf8))
    }

    /// A request whose answer says nothing.
    func tell(_ request: LifecycleRequest) async throws { _ = try await runner.perform(.lifecycle(request)) }

    /// Works at what was started until it is complete.
    func advance(_ place: RepositoryPlace, preview: Bool) async throws -> LifecycleProgress {
        while true {
            let progress: LifecycleProgress = try await ask(.advance(place, preview: preview))
            line.show(place.name, ProgressBar(done: progress.images, total: max(progress.images, progress.total), unit: .items))
            if progress.isComplete {
                line.end()
                return progress
            }
        }
    }

    /// Makes a preview of `policy`, or of the repository's own, and gives every image to `visit`, newest first.
    func explain(_ place: RepositoryPlace, policy: String?, _ visit: (ExplainedImage) throws -> Void) async throws -> LifecycleProgress {
        try await tell(.preview(place, policy: policy))
        let progress = try await advance(place, preview: true)
        var cursor: LifecycleExplanationCursor?
        repeat {
            let page: LifecycleAnswer.Explanations = try await ask(.explain(place, after: cursor))
            for image in page.images { try visit(image) }
            cursor = page.next
        } while cursor != nil
        return progress
    }
}
