import Foundation

/// A machine for one test, made of namespaces (`scripts/clients/machine`): it has loopback only, every port is free, and what clients leave in
/// `/etc`, `/run` or podman's storage goes with it.
struct Machine: Sendable {
    /// Its files on the real disk.
    let folder: String
    /// What every command finds in its environment.
    var environment: [String: String]
    private let holder: Process

    /// Runs `body` with a new machine, which ends with it.
    static func with(_ body: (Machine) async throws -> Void) async throws {
        let folder = "\(Checkout.scratch)/\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let machine = try Machine(folder: folder)
        do {
            try await machine.shell("mkdir -p $XDG_RUNTIME_DIR $TMPDIR")
            try await body(machine)
        } catch {
            machine.end()
            throw error
        }
        machine.end()
    }

    private init(folder: String) throws {
        self.folder = folder
        environment = Self.environment(folder)
        let ready = Pipe()
        holder = Process()
        holder.executableURL = URL(filePath: "/usr/bin/unshare")
        holder.arguments =
            ["--mount", "--net", "--pid", "--fork", "--mount-proc", "--kill-child", Checkout.script("machine"), folder]
        holder.environment = environment
        holder.standardInput = Pipe()
        holder.standardOutput = ready
        try holder.runWithSignals()
        guard ready.fileHandleForReading.availableData == Data("ready\n".utf8) else {
            throw ShellFailure(
                script: "scripts/clients/machine", status: 1, output: "",
                errors: "A test machine is made of namespaces, which needs root: run make test as root.", logs: "")
        }
    }

    private func end() {
        kill(holder.processIdentifier, SIGKILL)
        holder.waitUntilExit()
        // A dying namespace may hold its mounts a moment longer; what cannot be removed then is ignored by git.
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func environment(_ folder: String) -> [String: String] {
        let home = folder + "/home"
        return [
            "PATH": "\(Checkout.root)/.venv/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": home, "TMPDIR": folder + "/tmp", "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": "/run/user/0", "XDG_CONFIG_HOME": home + "/.config", "XDG_DATA_HOME": home + "/.local/share",
            "XDG_CACHE_HOME": home + "/.cache",
            "DOCKER_HOST": "unix:///run/docker.sock",
            "CONTAINERS_CONF": folder + "/containers.conf", "BUILDAH_ISOLATION": "chroot",
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": "", "AWS_ECR_DISABLE_CACHE": "1",
            "IMAGES": Checkout.scratch + "/images", "CLIENTS": Checkout.root + "/scripts/clients", "BERTH": Checkout.berth, "MACHINE": folder,
        ]
    }
}

extension Machine {
    /// Runs `script` with bash, which stops at the first failure, and returns what it printed, without the last line's end.
    /// Throws `ShellFailure` for an exit status other than 0, or `timeout` seconds later.
    @discardableResult
    func shell(_ script: String, timeout: Int = 120) async throws -> String {
        let output = "\(folder)/output-\(UUID().uuidString.prefix(8))"
        let limit = ["timeout", "--kill-after=5", String(timeout)]
        let status = try await Command(arguments: limit + inside(script), environment: environment, output: output).run()
        let printed = text(of: output)
        guard status == 0 else {
            throw ShellFailure(script: script, status: status, output: printed, errors: text(of: output + ".errors", last: 4000), logs: logs)
        }
        return String(printed.trimmingSuffix { $0.isNewline })
    }

    /// Runs `script` in the folder of the repository, outside any machine, with the network that there is.
    static func onThisNetwork(_ script: String) async throws {
        try FileManager.default.createDirectory(atPath: Checkout.scratch, withIntermediateDirectories: true)
        let output = Checkout.scratch + "/output"
        let arguments = ["timeout", "--kill-after=5", "600", "bash", "-euo", "pipefail", "-c", "cd \(Checkout.root); \(script)"]
        let status = try await Command(arguments: arguments, environment: ProcessInfo.processInfo.environment, output: output).run()
        guard status == 0 else {
            throw ShellFailure(script: script, status: status, output: text(of: output), errors: text(of: output + ".errors", last: 4000), logs: "")
        }
    }

    /// Runs `script`, which must fail, and returns what it printed on standard error.
    func refusal(_ script: String) async throws -> String {
        do {
            let output = try await shell(script)
            throw ShellFailure(script: script, status: 0, output: output, errors: "(this was to be refused)", logs: logs)
        } catch let failure as ShellFailure where failure.status != 0 {
            return failure.errors
        }
    }

    /// Starts `script`, which ends by `exec` of a server, and returns when `probe` succeeds.
    func daemon(_ name: String, _ script: String, until probe: String) async throws -> Daemon {
        let command = Command(
            arguments: inside("echo $$ >$MACHINE/\(name).pid; \(script)"), environment: environment, output: "\(folder)/\(name).log")
        let (ends, ended) = AsyncStream.makeStream(of: Int32.self)
        _ = try command.start { status in
            ended.yield(status)
            ended.finish()
        }
        try await shell(
            """
            for try in {1..300}; do
                if \(probe) >/dev/null 2>&1; then exit 0; fi
                if [ -s $MACHINE/\(name).pid ] && ! kill -0 $(cat $MACHINE/\(name).pid); then echo "\(name) has ended" >&2; exit 1; fi
                sleep 0.1
            done
            echo "\(name) is not ready after 30 seconds" >&2; exit 1
            """)
        return Daemon(name: name, machine: self, ends: ends)
    }

    private func inside(_ script: String) -> [String] {
        let holder = "/proc/\(holder.processIdentifier)"
        return [
            "nsenter", "--mount=\(holder)/ns/mnt", "--net=\(holder)/ns/net", "--pid=\(holder)/ns/pid_for_children", "--",
            "bash", "-euo", "pipefail", "-c", "cd; " + script,
        ]
    }

    /// The last lines of every daemon.
    private var logs: String {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.contains(".log") }.sorted()
        return names.map { "— \($0)\n" + text(of: folder + "/" + $0, last: 3000) }.joined(separator: "\n")
    }
}

/// A command that failed, with all there is to know about it.
struct ShellFailure: Error, CustomStringConvertible {
    var script: String
    /// 124 when the time was up.
    var status: Int32
    var output: String
    var errors: String
    var logs: String

    var description: String {
        "exit status \(status) of\n\(script)\n— output\n\(output.suffix(3000))\n— errors\n\(errors)\n\(logs)"
    }
}

/// A server process in a machine.
struct Daemon: Sendable {
    let name: String
    let machine: Machine
    fileprivate let ends: AsyncStream<Int32>

    /// Sends it `signal` and waits for its end; returns the exit status.
    @discardableResult
    func stop(signal: String = "TERM") async throws -> Int32? {
        try await machine.shell("kill -\(signal) $(cat $MACHINE/\(name).pid)")
        return await ends.first { _ in true }
    }
}

extension String {
    fileprivate func trimmingSuffix(while drop: (Character) -> Bool) -> Substring {
        var text = self[...]
        while let last = text.last, drop(last) { text.removeLast() }
        return text
    }
}
