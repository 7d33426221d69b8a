import ArgumentParser

/// `berth alias`
struct Alias: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The aliases of public registries.",
        discussion: """
            A public registry gets an alias of chance with its first repository. A nicer one is asked for, and decided on by whoever runs the \
            server, as at AWS. The last one that was granted is the one that answers show; all others go on working.
            """,
        subcommands: [Request.self, Grant.self, Reject.self, List.self])

    /// `berth alias request`
    struct Request: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Ask for an alias of an account's public registry.")

        @OptionGroup var folder: FolderOptions
        @Argument(help: "2 to 50 of a-z and 0-9, a letter first; single dots, dashes and underscores between them.") var name: String
        @Option(help: ArgumentHelp("The account; the default account when not said.", valueName: "ID")) var account: String?

        func run() async throws { print(try await carryOut(.requestAlias(name, account: account), with: try folder.settings())) }
    }

    /// `berth alias grant`
    struct Grant: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Grant an alias that was asked for.")

        @OptionGroup var folder: FolderOptions
        @Argument(help: "An alias that `berth alias list` shows as PENDING.") var name: String

        func run() async throws { print(try await carryOut(.settleAlias(name, isGranted: true), with: try folder.settings())) }
    }

    /// `berth alias reject`
    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Refuse an alias that was asked for; nobody can ask for it again.")

        @OptionGroup var folder: FolderOptions
        @Argument(help: "An alias that `berth alias list` shows as PENDING.") var name: String

        func run() async throws { print(try await carryOut(.settleAlias(name, isGranted: false), with: try folder.settings())) }
    }

    /// `berth alias list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the aliases, by name, 1000 at most.")

        @OptionGroup var folder: FolderOptions

        func run() async throws { print(try await carryOut(.listAliases, with: try folder.settings())) }
    }
}
