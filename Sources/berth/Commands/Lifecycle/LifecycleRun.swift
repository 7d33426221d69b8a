import ArgumentParser
import Foundation
import RegistryCore

extension LifecycleCommand {
    /// `berth lifecycle run`
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Carry out the policy of a repository, or of all, now.",
            discussion: "Images that a policy lets expire are deleted as BatchDeleteImage does it. Prints a line for each repository.")

        @OptionGroup var folder: FolderOptions
        @Option(help: ArgumentHelp("One repository; all that have a policy, of all accounts and regions, when not said.", valueName: "NAME"))
        var repository: String?
        @OptionGroup var options: RepositoryOptions
        @Flag(help: "Print one JSON object a line.") var json = false

        func run() async throws {
            let settings = try folder.settings()
            let runner = try CommandRunner(settings)
            let sweeps = LifecycleSteps(runner)
            if let repository {
                try await run(try await options.place(of: repository, settings, runner), sweeps)
            } else {
                var next: Int64? = 0
                while let last = next {
                    let answer: LifecycleAnswer.Places = try await sweeps.ask(.places(after: last))
                    for place in answer.places { try await run(place, sweeps) }
                    next = answer.next
                }
            }
            try await runner.close()
        }

        private func run(_ place: RepositoryPlace, _ steps: LifecycleSteps) async throws {
            try await steps.tell(.start(place))
            let progress = try await steps.advance(place, preview: false)
            print(json ? try Outcome(place, progress).json : Outcome(place, progress).text)
        }
    }

    /// What came of a policy.
    private struct Outcome: Encodable {
        let account: String
        let region: String
        let repository: String
        let images: Int64
        let expired: Int64
        let archived: Int64

        init(_ place: RepositoryPlace, _ progress: LifecycleProgress) {
            (account, region, repository) = (place.account, place.region, place.name)
            (images, expired, archived) = (progress.images, progress.expiring, progress.archiving)
        }

        var text: String { "\(account)/\(region)/\(repository)  \(images) images, \(expired) expired, \(archived) archived" }

        var json: String {
            get throws {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                return String(decoding: try encoder.encode(self), as: UTF8.self)
            }
        }
    }
}
