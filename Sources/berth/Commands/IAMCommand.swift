import ArgumentParser

/// `berth iam`
struct IAMCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "iam", abstract: "Who may do what in this installation.", subcommands: [Explain.self])

    /// `berth iam explain`
    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell whether a principal may do something, and which statement decides.",
            discussion: """
                Asks the policies as they are now. What a real request would say besides, such as the address it comes from, is given with \
                --context; a key that is not given is absent, except those that follow from the principal, the resource and the clock. A role is \
                asked about as a session of it without session policies.
                """)

        @OptionGroup var folder: FolderOptions
        @Option(help: ArgumentHelp("A user, role, role's session or root, or anonymous.", valueName: "ARN")) var principal: String
        @Option(help: ArgumentHelp("Such as ecr:PutImage.", valueName: "SERVICE:NAME")) var action: String
        @Option(help: ArgumentHelp("What it is done to; leave it out for actions without a resource.", valueName: "ARN")) var resource: String?
        @Option(
            help: ArgumentHelp(
                "A condition key and its value, such as aws:SourceIp=192.0.2.1; give a key twice for two values.", valueName: "KEY=VALUE"))
        var context: [String] = []

        func run() async throws {
            let question = AccessQuestion(principal: principal, action: action, resource: resource, context: try assumed())
            print(try await carryOut(.explain(question), with: try folder.settings()))
        }

        private func assumed() throws -> [String: [String]] {
            var facts: [String: [String]] = [:]
            for text in context {
                let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                guard parts.count == 2, !parts[0].isEmpty else { throw Refusal("--context \(text) has not the form KEY=VALUE.") }
                facts[parts[0], default: []].append(parts[1])
            }
            return facts
        }
    }
}
