/// A command to a running server, over the socket in its data folder. It goes as one JSON document, ended by closing the
/// sending half; the answer comes the same way.
enum ControlCommand: String, Codable, Sendable {
    /// Replaces the root access key.
    case resetRootKey = "reset-root-key"
    /// Tells what the collector of garbage has before it, as JSON.
    case gcStatus = "gc-status"
}

/// The answer to a `ControlCommand`.
enum ControlAnswer: Codable, Equatable, Sendable {
    /// What to print.
    case done(String)
    /// Why it was not done.
    case refused(String)

    /// The most bytes that a command or an answer can have.
    static let limit = 64 << 10
}
