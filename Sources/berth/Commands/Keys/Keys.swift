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
            print("\(count) keys of repositories and \(end.count) secrets, the material of KMS keys among them, were sealed anew.")
            guard end.left == 0 else { throw Refusal("\(end.left) keys of repositories lie under old master keys still; run it again.") }
            print("Everything lies under the newest master keys; \(end.forgotten) old master keys are forgotten.")
        }
    }
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
        repositories that are getting a new key  \(repositoriesChangingKeys)
        """
    }
}
