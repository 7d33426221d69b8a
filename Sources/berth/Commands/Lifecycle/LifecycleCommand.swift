import ArgumentParser

/// `berth lifecycle`
struct LifecycleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lifecycle",
        abstract: "Lifecycle policies: which images go, and why.",
        discussion: """
            `berth serve` carries the policies out by itself: when one is put, soon after a push, and daily. These commands work with the server \
            running or stopped.
            """,
        subcommands: [Run.self, Preview.self, Explain.self])
}

/// Which repository is meant.
struct RepositoryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The account; the installation's when not said.", valueName: "ID")) var account: String?
    @Option(help: ArgumentHelp("The region; the server's own when not said.", valueName: "NAME")) var region: String?

    /// The repository `name` where the options say, or in the registry that `settings` and the folder name.
    func place(of name: String, isPublic: Bool = false, _ settings: Settings, _ runner: CommandRunner) async throws -> RepositoryPlace {
        var account = account ?? settings.account?.description
        if account == nil {
            let accounts = try await runner.perform(.listAccounts).split(separator: "\n")
            account = accounts.first { $0.hasSuffix("  default") }.map { String($0.prefix(12)) }
        }
        return RepositoryPlace(account: account ?? "", region: region ?? settings.region.description, name: name, isPublic: isPublic)
    }
}
