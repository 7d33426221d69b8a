import ArgumentParser

/// `berth token`
struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The docker passwords that were given out.", subcommands: [List.self, Revoke.self])

    /// `berth token list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the docker tokens that have not expired, the newest first.",
            discussion: "A token that died with its access key, user or role is shown until it would have expired.")

        @OptionGroup var folder: FolderOptions
        @Option(help: "How many to show, 1000 at most.") var limit = 100

        func run() async throws {
            guard (1...1000).contains(limit) else { throw Refusal("The limit must be 1 to 1000.") }
            print(try await carryOut(.listTokens(limit: limit), with: try folder.settings()))
        }
    }

    /// `berth token revoke`
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take back what was issued up to now.",
            discussion: """
                Give one of: a token; an access key, whose docker tokens die, and with a temporary key (ASIA…) its session; or a user, role or \
                root, whose docker tokens and sessions all die. New ones can be had at once by whoever still has the rights: to prevent that, \
                take the rights away too. Holds from the next request on.
                """)

        @OptionGroup var folder: FolderOptions
        @Argument(help: "A token that `berth token list` shows.") var token: String?
        @Option(help: ArgumentHelp("An access key.", valueName: "KEY")) var accessKey: String?
        @Option(help: ArgumentHelp("A user, role or root.", valueName: "ARN")) var principal: String?

        func run() async throws {
            let given: [ControlCommand.Revocation] =
                [token.map { .token($0) }, accessKey.map { .accessKey($0) }, principal.map { .principal($0) }].compactMap { $0 }
            guard given.count == 1 else { throw Refusal("Give one of a token, --access-key and --principal.") }
            print(try await carryOut(.revoke(given[0]), with: try folder.settings()))
        }
    }
}
