import HTTPEdge

extension ListenAddress {
    /// The address by which a client on this machine reaches it, when the system bound it to `port`.
    func reachable(at port: Int) -> ListenAddress {
        ListenAddress(host: host == "0.0.0.0" || host == "::" ? "localhost" : host, port: port)
    }
}
