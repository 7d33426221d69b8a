import ArgumentParser
import Foundation
import RegistryCore

/// `berth keys`
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The keys that everything stored is encrypted under.",
        discussion: "docs/encryption.md tells what lies under what. All of it works with the server running or stopped, and can be begun again.",
        subcommands: [Status.self, Rotate.self, Rewrap.self, Reencrypt.self])

    /// `berth keys status`
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show what is encrypted, and under how many keys.")

        @OptionGroup var folder: FolderOptions
        @Flag(help: "Print the result as one JSON object.") var json = false

        func run() async throws {
            let answer = try await carryOut(.keys(.status), with: try folder.settings())
            print(json ? answer : try JSONDecoder().decode(KeysStatus.self, from: Data(answer.utf8)).text)
        }
    }

    /// `berth keys rotate`
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make new master keys, under which everything is sealed from now on.",
            discussion: "`berth keys rewrap` then seals under them what lies under the old ones.")

        @OptionGroup var folder: FolderOptions

        func run() async throws {
            let runner = try KeysRunner(try folder.settings())
            let progress: KeysProgress = try await runner.ask(.rotate)
            try await runner.close()
            print("There are new master keys. \(progress.left) keys of repositories lie under old ones; `berth keys rewrap` changes that.")
        }
    }

    /// `berth keys rewrap`
    struct Rewrap: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Seal every key and secret under the newest master keys, and forget the old ones that nothing needs any more.")

        @OptionGroup var folder: FolderOptions

        func run() async throws {
            let runner = try KeysRunner(try folder.settings())
            let status: KeysStatus = try await runner.ask(.status)
            var (next, count): (Int64?, Int) = (0, 0)
            while let position = next {
                let progress: KeysProgress = try await runner.ask(.rewrap(after: position))
                (next, count) = (progress.next, count + progress.count)
                runner.line.show("rewrap", ProgressBar(done: Int64(count), total: Int64(max(count, status.outdatedRepositoryKeys)), unit: .items))
            }
            runner.line.end()
            let end: KeysProgress = try await runner.ask(.finishRewrap)
            try await runner.close()
            print("\(count) keys of repositories and \(end.count) secrets were sealed anew.")
            guard end.left == 0 else { throw Refusal("\(end.left) keys of repositories lie under old master keys still; run it again.") }
            print("All keys of repositories lie under the newest master key; \(end.forgotten) old master keys are forgotten.")
        }
    }

    /// `berth keys reencrypt`
    struct Reencrypt: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Encrypt every stored object anew, under fresh data keys.",
            discussion: "Takes the time of reading and writing everything once. Broken off, it goes on with --since and the time that it printed.")

        @OptionGroup var folder: FolderOptions
        @Option(help: ArgumentHelp("Only objects whose keys are older: seconds since 1970; now, when not said.", valueName: "TIME")) var since: Int64?

        func run() async throws {
            let runner = try KeysRunner(try folder.settings())
            let before = (since.map { $0 * 1000 }) ?? Int64(Date().timeIntervalSince1970 * 1000)
            print("Objects with keys from before \(before / 1000) get fresh ones (--since \(before / 1000) goes on with it).")
            var (next, count): (Int64?, Int) = (0, 0)
            var left: Int64 = 0
            while let position = next {
                let progress: KeysProgress = try await runner.ask(.reencrypt(before: before, after: position))
                (next, count, left) = (progress.next, count + progress.count, progress.left)
                runner.line.show("reencrypt", ProgressBar(done: Int64(count), total: Int64(count) + left, unit: .items))
            }
            runner.line.end()
            try await runner.close()
            print("\(count) objects have fresh keys.")
            guard left == 0 else { throw Refusal("\(left) objects have older keys still: they are damaged, or their keys cannot be used now.") }
            print("No object has keys from before \(before / 1000).")
        }
    }
}

/// The steps of `berth keys`, with a line on standard error that shows how far they are.
private struct KeysRunner {
    let line = ProgressLine()
    private let runner: CommandRunner

    init(_ settings: Settings) throws { runner = try CommandRunner(settings) }

    func ask<Answer: Decodable>(_ request: KeysRequest) async throws -> Answer {
        try JSONDecoder().decode(Answer.self, from: Data(try await runner.perform(.keys(request)).utf8))
    }

    func close() async throws { try await runner.close() }
}

extension KeysStatus {
    /// A line for each kind of thing.
    fileprivate var text: String {
        """
        what is pushed is encrypted              \(encryption.isEncrypting ? "yes" : "no (--encryption off)")
        encrypted blobs                          \(encryption.encryptedBlobs), \(encryption.encryptedBytes) bytes
        blobs that are stored plain              \(encryption.plainBlobs), \(encryption.plainBytes) bytes
        encrypted manifests                      \(encryption.encryptedManifests)
        manifests that are stored plain          \(encryption.plainManifests)
        keys of repositories                     \(repositoryKeys), \(outdatedRepositoryKeys) of them under old master keys
        """
    }
}
