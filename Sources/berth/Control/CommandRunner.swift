import HTTPEdge

/// Has commands performed one after the other, by the server of the data folder, or, with none running, here.
actor CommandRunner {
    private let settings: Settings
    /// Opened when no server answers the first command.
    private var installation: Installation?
    private var isServed = false

    /// Runs on the folder of `settings`, which must hold an installation.
    init(_ settings: Settings) throws {
        try settings.data.requireInstallation()
        self.settings = settings
    }

    /// Performs one command; returns what to print. Throws `Refusal`, also when the server that performed the ones before is away: the folder is its own,
    /// and whoever took it now would keep it from starting again.
    func perform(_ command: ControlCommand) async throws -> String {
        if installation == nil, let done = try await send(command, to: settings.data) {
            isServed = true
            return done
        }
        guard !isServed else { throw Refusal("The server on \(settings.data.path) does not answer any more.") }
        if installation == nil { installation = try await Installation.open(settings, log: settings.logger(to: LogSink())) }
        guard let installation else { throw Refusal("The data folder \(settings.data.path) could not be opened.") }
        return try await installation.perform(command)
    }

    /// Gives the folder back.
    func close() async throws { try await installation?.close() }
}
