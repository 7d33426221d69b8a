import ArgumentParser

/// `berth import`
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make repositories of OCI image layouts, with the server running or stopped.",
        discussion: """
            Takes what `berth export` wrote, of one repository or of several, or any image layout. A repository is made with the settings of the \
            export; one that is there keeps its own unless --settings is given, and gets what it lacks. Every byte is compared with its digest, and \
            the rules of a push hold: tags, immutability, quotas, events. Given again, the command goes on where it was broken off.
            """)

    @OptionGroup var folder: FolderOptions
    @Argument(help: "The folder of the layout, or of several.") var source: String
    @Option(help: ArgumentHelp("The name of the repository; that of the export when not said.", valueName: "NAME")) var repository: String?
    @OptionGroup var options: RepositoryOptions
    @Flag(
        name: .customLong("public"), inversion: .prefixedNo,
        help: "Into the public registry, or not; where the repository was that was exported, when not said.") var isPublic: Bool?
    @Flag(help: "Replace all settings of a repository that is there by those of the export.") var settings = false
    @Flag(help: "Leave the policy of the repository out, whose principals may not be here.") var withoutPolicy = false

    func run() async throws {
        let settings = try folder.settings()
        let runner = try CommandRunner(settings)
        let layout = LayoutFolder(path: source)
        if layout.isThere {
            try await bring(layout, settings, runner)
        } else {
            let layouts = try LayoutCollection(path: source).layouts()
            guard repository == nil else { throw Refusal("--repository names one repository, and \(layout.path) holds \(layouts.count) layouts.") }
            var problems: [String] = []
            for layout in layouts {
                // What is wrong with one layout keeps nobody from the others.
                do {
                    try await bring(layout, settings, runner)
                } catch let refusal as Refusal {
                    problems.append("\(layout.path): \(refusal)")
                }
            }
            guard problems.isEmpty else { throw Refusal("Not brought, or in part:\n" + problems.joined(separator: "\n")) }
        }
        try await runner.close()
    }

    private func bring(_ layout: LayoutFolder, _ settings: Settings, _ runner: CommandRunner) async throws {
        _ = try layout.index()
        var record = try layout.record()
        if withoutPolicy { record = record?.withoutPolicy }
        guard let name = repository ?? record?.place.name else {
            throw Refusal("No berth export made this layout: name the repository with --repository.")
        }
        let place = try await options.place(of: name, isPublic: isPublic ?? record?.place.isPublic ?? false, settings, runner)
        var bring = ImportRepository(place: place, layout: layout, record: record, replacesSettings: self.settings, steps: LayoutSteps(runner))
        try await bring.run()
        print(bring.summary)
    }
}

extension RepositoryRecord {
    fileprivate var withoutPolicy: RepositoryRecord {
        let settings = Settings(
            imageTagMutability: settings.imageTagMutability, imageTagMutabilityExclusionFilters: settings.imageTagMutabilityExclusionFilters,
            tags: settings.tags, policy: nil, lifecyclePolicy: settings.lifecyclePolicy, catalog: settings.catalog, logo: settings.logo)
        return RepositoryRecord(place: place, settings: settings, archived: archived)
    }
}
