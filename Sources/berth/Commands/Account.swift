import ArgumentParser

/// `berth account`
struct Account: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The account of this installation.", subcommands: [ResetRootKey.self])

    /// `berth account reset-root-key`
    struct ResetRootKey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset-root-key",
            abstract: "Replace the root access key by a new one.",
            discussion: """
                For a key that is lost or known to others. The old key and every docker login made with it stop working at once. The new key is \
                written to client-credentials in the data folder and printed nowhere. Works with the server running or stopped, and only on \
                this machine, for the owner of the data folder.
                """)

        @OptionGroup var folder: FolderOptions

        func run() async throws { print(try await carryOut(.resetRootKey, with: try folder.settings())) }
    }
}
