import NIOCore
import Synchronization

/// The connections that each address has with a listener, so that one address cannot have all that there may be. Of IPv6 what one host or site has
/// counts as one: the first 64 bits.
final class AddressConnections: Sendable {
    /// How many of those that are refused may stay a moment, so that the answer is read.
    private static let mostLingering = 256

    private let limit: Int
    /// Behind these are many.
    private let proxies: [AddressRange]
    private let counts = Mutex<[ArraySlice<UInt8>: Int]>([:])
    private let lingering = Atomic<Int>(0)

    init(limit: Int, except proxies: [AddressRange]) {
        self.limit = limit
        self.proxies = proxies
    }

    /// Counts `channel` until it closes. False when its address has as many as it may have.
    func take(_ channel: any Channel) -> Bool {
        guard let address = channel.remoteAddress?.ipAddress.flatMap({ IPAddress($0) }), !proxies.contains(where: { $0.contains(address) }) else {
            return true
        }
        let prefix = address.bytes.prefix(8)
        let isTaken = counts.withLock { counts in
            let count = counts[prefix, default: 0]
            if count < limit { counts[prefix] = count + 1 }
            return count < limit
        }
        if isTaken { channel.closeFuture.whenComplete { [self] _ in release(prefix) } }
        return isTaken
    }

    /// Whether `channel`, which is refused, may stay until its answer is read; counts it until it closes.
    func mayLinger(_ channel: any Channel) -> Bool {
        guard lingering.add(1, ordering: .relaxed).newValue <= Self.mostLingering else {
            lingering.subtract(1, ordering: .relaxed)
            return false
        }
        channel.closeFuture.whenComplete { [self] _ in lingering.subtract(1, ordering: .relaxed) }
        return true
    }

    private func release(_ prefix: ArraySlice<UInt8>) {
        counts.withLock { counts in
            let count = counts[prefix, default: 0]
            counts[prefix] = count > 1 ? count - 1 : nil
        }
    }
}
