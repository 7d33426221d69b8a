import ArgumentParser

/// `berth import`
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a repository of an OCI image layout, with the server running or stopped.",
        discussion: """
            Takes what `berth export` wrote, or any image layout. The repository is made with the settings of the export; one that is there keeps its \
            own unless --settings is given, and gets what it lacks. Every byte is compared with its digest, and the rules of a push hold: tags, \
            immutability, quotas, events. Given again, the command goes on where it was broken off.
            """)

    @OptionGroup var folder: FolderOptions
    @Argument(help: "The folder of the layout.") var source: String
    @Option(help: ArgumentHelp("The name of the repository; that of the export when not said.", valueName: "NAME")) var repository: String?
    @OptionGroup var options: RepositoryOptions
    @Flag(help: "Replace all settings of a repository that is there by those of the export.") var settings = false
    @Flag(help: "Leave the policy of the repository out, whose principals may not be here.") var withoutPolicy = false

    func run() async throws {
        let settings = try folder.settings()
        let runner = try CommandRunner(settings)
        let layout = LayoutFolder(path: source)
        _ = try layout.index()
        var record = try layout.record()
        if withoutPolicy { record = record?.withoutPolicy }
        guard let name = repository ?? record?.place.name else {
            throw Refusal("No berth export made this layout: name the repository with --repository.")
        }
        let place = try await options.place(of: name, settings, runner)
        var bring = ImportRepository(place: place, layout: layout, record: record, replacesSettings: self.settings, steps: LayoutSteps(runner))
        try await bring.run()
        try await runner.close()
        print(bring.summary)
    }
}

extension RepositoryRecord {
    fileprivate var withoutPolicy: RepositoryRecord {
        let settings = Settings(
            imageTagMutability: settings.imageTagMutability, imageTagMutabilityExclusionFilters: settings.imageTagMutabilityExclusionFilters,
            tags: settings.tags, policy: nil, lifecyclePolicy: settings.lifecyclePolicy)
        return RepositoryRecord(place: place, settings: settings, archived: archived)
    }
}
