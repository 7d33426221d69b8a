extension Machine {
    /// Starts docker's daemon, without bridge and packet filter: containers run with `--network=none` or `host`.
    func startDockerd() async throws -> Daemon {
        let folders = "--data-root $MACHINE/docker --exec-root /run/docker --pidfile /run/docker.pid"
        let network = "--bridge=none --iptables=false --ip6tables=false"
        return try await daemon(
            "dockerd", "exec dockerd --host $DOCKER_HOST \(folders) \(network) --storage-driver=overlay2", until: "docker version")
    }
}
