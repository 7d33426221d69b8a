import Foundation

/// How clients reach the server.
enum Transport: String, CaseIterable, Sendable {
    /// `http://localhost:5000`, as after `make run`.
    case plain
    /// The names of AWS on port 443, with a certificate of `berth tls init`.
    case tls
}

/// A running Berth in a machine of its own, with clients that are set up by `berth env` alone.
struct Berth: Sendable {
    static let account = "123456789012"

    /// With the client's environment.
    let machine: Machine
    let transport: Transport
    private let server: Daemon

    /// The data folder.
    var data: String { machine.folder + "/data" }

    /// Runs `body` with a new server on empty data, after `preparation` of the machine, and with more `options` of `berth serve`.
    static func with(
        _ transport: Transport = .plain, on preparation: String = "", options: String = "", _ body: (Berth) async throws -> Void
    ) async throws {
        try await Machine.with { machine in
            try await machine.shell(preparation)
            try await machine.shell("$CLIENTS/build-images $IMAGES")
            if transport == .tls { try await machine.shell("$BERTH tls init --data $MACHINE/data --region us-east-1 --region eu-central-1") }
            try await body(try await start(transport, on: machine, options))
        }
    }

    private static func start(_ transport: Transport, on machine: Machine, _ options: String = "") async throws -> Berth {
        let listen =
            switch transport {
            case .plain: "--listen localhost:5000"
            case .tls: "--listen-tls [::1]:443"
            }
        let ready =
            switch transport {
            case .plain: "curl -fsS http://localhost:5000/readyz"
            case .tls: "curl -fsS --cacert $MACHINE/data/tls/ca.crt https://api.ecr.us-east-1.amazonaws.com/readyz"
            }
        let server = try await machine.daemon(
            "berth", "exec $BERTH serve --data $MACHINE/data --account \(account) \(listen) \(options)", until: ready)
        var client = machine
        let variables = try await machine.shell(#"eval "$($BERTH env --data $MACHINE/data)"; env -0"#)
        for variable in variables.split(separator: "\0") {
            guard let equals = variable.firstIndex(of: "=") else { continue }
            client.environment[String(variable[..<equals])] = String(variable[variable.index(after: equals)...])
        }
        switch transport {
        // Debian's skopeo and `buildah login` do not read CONTAINERS_REGISTRIES_CONF, only this folder.
        case .plain:
            try await client.shell(
                "mkdir -p ~/.config/containers/registries.conf.d && cp $CONTAINERS_REGISTRIES_CONF ~/.config/containers/registries.conf.d/berth.conf")
        case .tls: try await client.trust()
        }
        return Berth(machine: client, transport: transport, server: server)
    }

    /// Runs `script` as `Machine.shell` does, with the environment of a user of this server.
    @discardableResult
    func shell(_ script: String, timeout: Int = 120) async throws -> String { try await machine.shell(script, timeout: timeout) }

    /// Runs `script`, which must fail, and returns what it printed on standard error.
    func refusal(_ script: String) async throws -> String { try await machine.refusal(script) }

    /// Logs `skopeo`, `podman` and `buildah` in.
    func login() async throws {
        try await shell("aws ecr get-login-password | skopeo login --username AWS --password-stdin $ECR_REGISTRY")
    }

    /// Drains and stops the server; returns its exit status.
    func stop() async throws -> Int32? { try await server.stop() }

    /// Starts a server that was stopped again, on what is in the data folder now.
    func restart() async throws -> Berth { try await Self.start(transport, on: machine) }

    /// Kills the server without warning and starts it again on the same data.
    func restartAfterKill(options: String = "") async throws -> Berth {
        try await server.stop(signal: "KILL")
        return try await Self.start(transport, on: machine, options)
    }
}

extension Machine {
    /// Makes every client find the server by AWS's own names, as if it were in AWS, and trust its CA.
    fileprivate mutating func trust() async throws {
        let host = "\(Berth.account).dkr.ecr.us-east-1.amazonaws.com"
        let authority = folder + "/data/tls/ca.crt"
        environment["AWS_ENDPOINT_URL"] = nil
        environment["ECR_REGISTRY"] = host
        for variable in ["AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"] { environment[variable] = authority }
        for folder in ["/etc/docker/certs.d", "/etc/containers/certs.d"] {
            for host in [host, "public.ecr.aws"] {
                try await shell("mkdir -p \(folder)/\(host) && cp \(authority) \(folder)/\(host)/ca.crt")
            }
        }
    }
}
