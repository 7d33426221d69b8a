import RemoteKMS
import Stores

/// The keys of a key management service elsewhere, and the connections to it.
struct RemoteKeys: Sendable {
    let keys: RemoteDataKeys
    let transport: HTTPTransport

    /// Throws `Refusal` when the access key cannot be read.
    init(_ settings: KMSSettings) throws {
        let remote = try settings.remote()
        guard let host = HTTPTransport.host(of: remote.endpoint) else { throw Refusal("\(remote.endpoint) is no URL of http or https.") }
        transport = try HTTPTransport(remote)
        keys = RemoteDataKeys(
            RemoteService(remote, host: host, transport: transport, clock: SystemClock()), remote, clock: SystemClock())
    }
}
