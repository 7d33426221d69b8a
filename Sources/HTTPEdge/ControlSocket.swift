import Logging
import ServiceLifecycle

/// A request on the control socket: what to do, and its parameters in JSON.
package struct ControlRequest: Sendable {
    /// Such as `/account/reset-root-key`.
    package let path: String
    /// JSON; empty when there are no parameters.
    package let body: [UInt8]
}

/// An answer on the control socket.
package struct ControlResponse: Sendable {
    /// An HTTP status: 200, 400, 404, 500.
    package let status: Int
    /// JSON.
    package let body: [UInt8]

    package init(status: Int = 200, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}

/// The server of `berth.sock`, by which commands act on a running installation: HTTP over a Unix socket that only its
/// owner and root can open. `POST` of JSON to a path, JSON back.
package struct ControlSocket: Service {
    let path: String
    let log: Logger
    let respond: @Sendable (ControlRequest) async -> ControlResponse

    /// A socket at `path`, in place of whatever socket was left there; the folder must be closed to others.
    package init(path: String, log: Logger, respond: @escaping @Sendable (ControlRequest) async -> ControlResponse) {
        self.path = path
        self.log = log
        self.respond = respond
    }

    /// Serves until the graceful shutdown.
    package func run() async throws { fatalError("stub") }
}
