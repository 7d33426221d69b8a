import ArgumentParser

/// `berth export`
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy a repository into a folder as an OCI image layout, while pushes go on or with the server stopped.",
        discussion: """
            Tools that know image layouts, such as skopeo, read the folder; what a layout has no place for (settings, policies, which images are \
            archived) is in its berth-repository.json. Every byte is compared with its digest. Given again, the command goes on where it was broken \
            off, and a complete layout gets what is new. `berth import` makes a repository of it.
            """)

    @OptionGroup var folder: FolderOptions
    @Argument(help: "The name of the repository.") var repository: String
    @Argument(help: "The folder of the layout; it is made when it is not there.") var target: String
    @OptionGroup var options: RepositoryOptions

    func run() async throws {
        let settings = try folder.settings()
        let runner = try CommandRunner(settings)
        let place = try await options.place(of: repository, settings, runner)
        var export = ExportRepository(place: place, layout: LayoutFolder(path: target), steps: LayoutSteps(runner))
        try await export.run()
        try await runner.close()
        print("\(export.summary) The layout is in \(export.layout.path).")
        guard export.problems.isEmpty else {
            throw Refusal("Left out:\n" + export.problems.joined(separator: "\n") + "\n`berth fsck` tells more; a push of the same content heals it.")
        }
    }
}
