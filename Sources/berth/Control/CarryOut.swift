import HTTPEdge

/// Has the server of the data folder perform `command`; with none running, performs it here. Returns what to print.
func carryOut(_ command: ControlCommand, with settings: Settings) async throws -> String {
    try settings.data.requireInstallation()
    if let done = try await send(command, to: settings.data) { return done }
    let installation = try await Installation.open(settings, log: settings.logger(to: LogSink()))
    let done = try await installation.perform(command)
    try await installation.close()
    return done
}
