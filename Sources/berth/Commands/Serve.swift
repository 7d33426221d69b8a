import ArgumentParser

/// `berth serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the registry.",
        discussion: """
            The first start makes the data folder and the account's root access key, and prints what to paste. Stop it with Ctrl-C or SIGTERM: \
            running requests are finished first. Each option can also be set in the environment and in a YAML file; the command line \
            wins over the environment, the environment over the file.
            """)

    @OptionGroup var options: SettingOptions

    func run() async throws {
        _ = try options.settings()
        throw Refusal("The server is not wired yet.")
    }
}
