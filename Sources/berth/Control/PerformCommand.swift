extension Installation {
    /// Performs a command, sent by socket or given with no server running; returns what to print.
    func perform(_ command: ControlCommand) async throws -> String {
        switch command {
        case .resetRootKey:
            try await resetRootKey()
            return "The new root access key is in \(folder.clientCredentials); the old one and its docker logins no longer work."
        }
    }
}
