import ArgumentParser
import Foundation
import RegistryCore

extension Keys {
    /// `berth keys reencrypt`
    struct Reencrypt: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Encrypt stored objects anew: all under fresh data keys, or a repository's under another key.",
            discussion: """
                Takes the time of reading and writing everything once, while pulls and pushes go on. Broken off, the same command goes on where it was. With \
                --repository, the repository gets a new key of the kind that --encryption-type says; what is pushed from then on is under that, what it has is \
                moved, and in the end the former key is destroyed for it and its grant taken back.
                """)

        @OptionGroup var folder: FolderOptions
        @Option(help: ArgumentHelp("The repository that gets another key.", valueName: "NAME")) var repository: String?
        @OptionGroup var options: RepositoryOptions
        @Option(help: ArgumentHelp("AES256, KMS or KMS_DSSE.", valueName: "KIND")) var encryptionType: String?
        @Option(help: ArgumentHelp("The KMS key, by id, ARN or alias; alias/aws/ecr when not said.", valueName: "KEY")) var kmsKey: String?
        @Flag(help: "Begin again with all objects instead of going on.") var anew = false

        func validate() throws {
            if repository == nil {
                guard encryptionType == nil, kmsKey == nil else { throw ValidationError("--encryption-type and --kms-key go with --repository.") }
                return
            }
            guard !anew else { throw ValidationError("--anew goes without --repository.") }
            guard let kind = encryptionType, ["AES256", "KMS", "KMS_DSSE"].contains(kind) else {
                throw ValidationError("Say which key the repository gets: --encryption-type AES256, KMS or KMS_DSSE.")
            }
            guard kind != "AES256" || kmsKey == nil else { throw ValidationError("AES256 takes no --kms-key.") }
        }

        func run() async throws {
            let settings = try folder.settings()
            let runner = try KeysRunner(settings)
            if let repository, let encryptionType {
                let place = try await options.place(of: repository, settings, runner.runner)
                try await ChangeKey(runner: runner, place: place).run(to: encryptionType, kmsKey)
            } else {
                try await renewAll(runner)
            }
            try await runner.close()
        }

        private func renewAll(_ runner: KeysRunner) async throws {
            let begun: KeysProgress = try await runner.ask(.beginRenewal(anew: anew))
            print("\(begun.left) objects get fresh keys.")
            var (next, count): (Int64?, Int) = (0, 0)
            var left = begun.left
            while let position = next {
                let progress: KeysProgress = try await runner.ask(.renew(after: position))
                (next, count, left) = (progress.next, count + progress.count, progress.left)
                runner.line.show("reencrypt", ProgressBar(done: Int64(count), total: Int64(count) + left, unit: .items))
            }
            runner.line.end()
            print("\(count) objects have fresh keys.")
            guard left == 0 else { throw Refusal("\(left) objects have older keys still: they are damaged, or their keys cannot be used now.") }
            print("No object has keys from before this began.")
        }
    }
}
