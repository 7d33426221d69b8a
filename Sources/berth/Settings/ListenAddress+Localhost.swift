import HTTPEdge

extension ListenAddress {
    /// The addresses to bind: both of the loopback for `localhost`, unless the system is to choose the port, which would then be two.
    var bindings: [ListenAddress] {
        guard host == "localhost" else { return [self] }
        let loopbacks = port == 0 ? ["127.0.0.1"] : ["127.0.0.1", "::1"]
        return loopbacks.map { ListenAddress(host: $0, port: port) }
    }

    /// The address by which a client on this machine reaches it, when the system gave it `port`.
    func reachable(at port: Int) -> ListenAddress {
        ListenAddress(host: host == "0.0.0.0" || host == "::" ? "localhost" : host, port: port)
    }
}
