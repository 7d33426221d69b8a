import ArgumentParser

/// `berth account`
struct Account: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The accounts of this installation.", subcommands: [Create.self, List.self, ResetRootKey.self])

    /// `berth account create`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a further account, with registries, users and roles of its own.",
            discussion: """
                The new account's root access key is written to a file in the data folder, for its owner only, and printed nowhere. Accounts \
                see nothing of each other but what their policies permit.
                """)

        @OptionGroup var folder: FolderOptions
        @Option(help: ArgumentHelp("Twelve digits; chosen by chance when not said.", valueName: "ID")) var id: String?

        func run() async throws { print(try await carryOut(.createAccount(id: id), with: try folder.settings())) }
    }

    /// `berth account list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the accounts.")

        @OptionGroup var folder: FolderOptions

        func run() async throws { print(try await carryOut(.listAccounts, with: try folder.settings())) }
    }

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
        @Option(help: ArgumentHelp("The account whose key it is; the default account when not said.", valueName: "ID")) var account: String?

        func run() async throws { print(try await carryOut(.resetRootKey(account: account), with: try folder.settings())) }
    }
}
