import ArgumentParser

/// `berth export`
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy repositories into folders as OCI image layouts, while pushes go on or with the server stopped.",
        discussion: """
            Tools that know image layouts, such as skopeo, read the folder; what a layout has no place for (settings, policies, which images are \
            archived) is in its berth-repository.json. Every byte is compared with its digest. Given again, the command goes on where it was broken \
            off, and a complete layout gets what is new. `berth import` makes a repository of it.
            """)

    @OptionGroup var folder: FolderOptions
    @Argument(help: "The name of the repository; or the beginning of names and an asterisk: 'team/*', or '*' for all of the registry.")
    var repository: String
    @Argument(help: "The folder of the layout, or of the layouts of several repositories; it is made when it is not there.") var target: String
    @OptionGroup var options: RepositoryOptions
    @Flag(name: .customLong("public"), help: "Of the public registry.") var isPublic = false

    func run() async throws {
        let settings = try folder.settings()
        let runner = try CommandRunner(settings)
        let steps = LayoutSteps(runner)
        var problems: [String] = []
        if repository.hasSuffix("*") {
            let beginning = try await options.place(of: String(repository.dropLast()), isPublic: isPublic, settings, runner)
            let layouts = try LayoutCollection(path: target)
            let names = try await steps.names(like: beginning)
            guard !names.isEmpty else { throw Refusal("No repository of \(beginning.registryText) is called \(repository).") }
            for name in names {
                let place = RepositoryPlace(account: beginning.account, region: beginning.region, name: name, isPublic: isPublic)
                // What one repository has keeps nobody from the others.
                do {
                    problems += try await export(place, to: layouts.layout(of: name), steps)
                } catch let refusal as Refusal {
                    problems.append("\(name): \(refusal)")
                }
            }
        } else {
            let place = try await options.place(of: repository, isPublic: isPublic, settings, runner)
            problems = try await export(place, to: LayoutFolder(path: target), steps)
        }
        try await runner.close()
        guard problems.isEmpty else {
            throw Refusal("Left out:\n" + problems.joined(separator: "\n") + "\n`berth fsck` tells more; a push of the same content heals it.")
        }
    }

    /// Copies one repository; what was left out.
    private func export(_ place: RepositoryPlace, to layout: LayoutFolder, _ steps: LayoutSteps) async throws -> [String] {
        var export = ExportRepository(place: place, layout: layout, steps: steps)
        try await export.run()
        print("\(export.summary) The layout is in \(export.layout.path).")
        return export.problems
    }
}
