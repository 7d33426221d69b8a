import ArgumentParser
import Foundation

extension LifecycleCommand {
    /// `berth lifecycle preview`
    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show which images a policy would take, and what that would free.",
            discussion: "Changes nothing. GetLifecyclePolicyPreview shows the same afterwards, for a day.")

        @OptionGroup var question: PreviewOptions

        func run() async throws { try await question.answer { $0.outcome != "keep" } }
    }

    /// `berth lifecycle explain`
    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show for every image which rule of a policy claims it, and why it goes or stays.",
            discussion: "Changes nothing. The first rule whose tags and storage class fit an image claims it, and no other can take it.")

        @OptionGroup var question: PreviewOptions

        func run() async throws { try await question.answer { _ in true } }
    }
}

/// Which policy is asked about, and how the answer is written.
struct PreviewOptions: ParsableArguments {
    @OptionGroup var folder: FolderOptions
    @Option(help: ArgumentHelp("The repository.", valueName: "NAME")) var repository: String
    @OptionGroup var options: RepositoryOptions
    @Option(help: ArgumentHelp("A policy to try; the repository's own when not said.", valueName: "FILE")) var policy: String?
    @Flag(help: "Print one JSON object a line: the images, and at the end the sum.") var json = false

    /// Prints the images that `isShown` lets through, and the sum.
    func answer(_ isShown: (ExplainedImage) -> Bool) async throws {
        let settings = try folder.settings()
        let runner = try CommandRunner(settings)
        let place = try await options.place(of: repository, settings, runner)
        let steps = LifecycleSteps(runner)
        let progress = try await steps.explain(place, policy: try policy.map(read)) { image in
            if isShown(image) { print(json ? try encoded(image) : image.text) }
        }
        let freed: LifecycleAnswer.Freed = try await steps.ask(.freed(place))
        let sum = Sum(images: progress.images, expiring: progress.expiring, archiving: progress.archiving, freedBytes: freed.bytes)
        print(json ? try encoded(sum) : sum.text)
        try await runner.close()
    }

    private func read(_ path: String) throws -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw Refusal("The policy \(path) cannot be read: \(error.localizedDescription)")
        }
    }

    private func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private struct Sum: Encodable {
        let images: Int64
        let expiring: Int64
        let archiving: Int64
        let freedBytes: Int64

        var text: String { "\(images) images: \(expiring) expire, \(archiving) go to the archive; \(freedBytes) bytes are freed." }
    }
}

extension ExplainedImage {
    /// Outcome, digest, tags and reason.
    fileprivate var text: String {
        let outcome = outcome + String(repeating: " ", count: max(0, 10 - outcome.count))
        return "\(outcome)  \(digest)  \(tags.isEmpty ? "-" : tags.joined(separator: ","))  \(reason)"
    }
}
