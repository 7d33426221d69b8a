import Foundation
import TestSupport

/// A PostgreSQL 15 cluster of its own in a temporary folder, on a Unix socket, without durability; stopped with the last reference.
final class TestPostgres {
    private static let binaries = "/usr/lib/postgresql/15/bin"
    private let folder: TemporaryFolder

    init() throws {
        guard FileManager.default.isExecutableFile(atPath: Self.binaries + "/initdb") else {
            throw TestSetupError("PostgreSQL 15 is missing: install the Debian package postgresql-15")
        }
        folder = try TemporaryFolder()
        // PostgreSQL refuses to run as root; the folder has to be its user's.
        if geteuid() == 0 { try Self.run("/bin/chown", ["postgres", folder.path]) }
        try Self.runAsServer("initdb", ["-D", folder.file("data"), "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"])
        try Self.runAsServer(
            "pg_ctl",
            ["-D", folder.file("data"), "-w", "-l", folder.file("log"), "-o", "-c listen_addresses= -c fsync=off -k \(folder.path)", "start"])
    }

    deinit {
        // A server that does not stop loses its folder and ends by itself.
        _ = try? Self.runAsServer("pg_ctl", ["-D", folder.file("data"), "-m", "immediate", "stop"])
    }

    /// Runs `script` through `psql` and returns what it printed; stops and throws at the first error.
    func run(_ script: String) throws -> String {
        let file = folder.file("script.sql")
        try Data(script.utf8).write(to: URL(filePath: file))
        return try Self.run(
            Self.binaries + "/psql", ["-X", "-q", "-h", folder.path, "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-f", file, "postgres"])
    }

    @discardableResult
    private static func runAsServer(_ program: String, _ arguments: [String]) throws -> String {
        guard geteuid() == 0 else { return try run(binaries + "/" + program, arguments) }
        return try run("/sbin/runuser", ["-u", "postgres", "--", binaries + "/" + program] + arguments)
    }

    /// Closes what `Process` leaves open in its child before it becomes another program: a server would hold it for as long as it
    /// runs, and `waitUntilExit` waits for that.
    private static let closing = """
        for file in /proc/self/fd/*; do number=${file##*/}; [ "$number" -gt 2 ] && eval "exec $number>&-"; done; exec "$@"
        """

    @discardableResult
    private static func run(_ program: String, _ arguments: [String]) throws -> String {
        let folder = try TemporaryFolder()
        let output = folder.file("output")
        try Data().write(to: URL(filePath: output))
        let handle = try FileHandle(forWritingTo: URL(filePath: output))
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", closing, "bash", program] + arguments
        process.currentDirectoryURL = URL(filePath: "/")
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        process.waitUntilExit()
        let text = try String(contentsOfFile: output, encoding: .utf8)
        guard process.terminationStatus == 0 else { throw TestSetupError("\(program) ended with \(process.terminationStatus): \(text)") }
        return text
    }
}
