import ArgumentParser

/// The command line. Its commands only read settings, wire modules together and print; what they do is in the modules.
@main
struct Berth: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "berth",
        abstract: "A container registry that AWS and OCI clients use as Amazon ECR.",
        discussion: "Start with `berth serve`; it prints what to paste next.",
        version: "berth \(version)",
        subcommands: [
            Serve.self, Env.self, Account.self, Token.self, Alias.self, OIDC.self, TLS.self, Fsck.self, Backup.self, Restore.self,
            Export.self, Import.self, GC.self, Keys.self, LifecycleCommand.self, IAMCommand.self, Debug.self, Version.self,
        ]
    )
}

/// The version of this program, as CHANGELOG.md counts.
let version = "0.1.0"
