import NIOCore
import Synchronization

/// The connections that each address has with a listener, so that one address cannot have all that there may be.
final class AddressConnections: Sendable {
    private let limit: Int
    /// Behind these are many.
    private let proxies: [AddressRange]
    private let counts = Mutex<[IPAddress: Int]>([:])

    init(limit: Int, except proxies: [AddressRange]) {
        self.limit = limit
        self.proxies = proxies
    }

    /// Counts `channel` until it closes. False when its address has as many as it may have.
    func take(_ channel: any Channel) -> Bool {
        guard let address = channel.remoteAddress?.ipAddress.flatMap({ IPAddress($0) }), !proxies.contains(where: { $0.contains(address) }) else {
            return true
        }
        let isTaken = counts.withLock { counts in
            let count = counts[address, default: 0]
            if count < limit { counts[address] = count + 1 }
            return count < limit
        }
        if isTaken { channel.closeFuture.whenComplete { [self] _ in release(address) } }
        return isTaken
    }

    private func release(_ address: IPAddress) {
        counts.withLock { counts in
            let count = counts[address, default: 0]
            counts[address] = count > 1 ? count - 1 : nil
        }
    }
}
