import HTTPTypes
import IAM
import NIOCore
import Synchronization

/// One request on its way through the pipeline, and what has been learnt of it.
struct Exchange: Sendable {
    let requestID: String
    let started: ContinuousClock.Instant
    let head: HTTPRequest
    /// As sent, without the query.
    let path: String
    /// As sent, without `?`; nil when there is none.
    let query: String?
    let channel: any Channel
    /// The address at the other end of the connection.
    let peer: String
    let isTLS: Bool
    var address = CallerAddress(sourceIP: "", authority: "", isSecure: false)
    var dialect = Dialect.none
    var caller: Caller?
    var action: String?

    init(_ head: HTTPRequest, on channel: any Channel, isTLS: Bool) {
        requestID = RequestID.make()
        started = .now
        self.head = head
        self.channel = channel
        self.isTLS = isTLS
        let target = head.path ?? ""
        if let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) {
            path = String(target[..<mark])
            query = String(target[target.utf8.index(after: mark)...])
        } else {
            path = target
            query = nil
        }
        peer = channel.remoteAddress?.ipAddress ?? ""
    }

    /// True of pulls, probes and the bytes of pushes, which look up a thing or two and leave hashing and the disk to other threads; all else may
    /// list, parse or compute for longer.
    var isShort: Bool {
        switch head.method {
        case .get, .head: return !path.hasPrefix("/v2/") || !path.hasSuffix("/tags/list")
        case .post, .patch, .put:
            guard path.hasPrefix("/v2/") else { return false }
            let (container, kind) = subject
            if kind == "uploads" { return container == "blobs" }
            let length = head.headerFields.first(.contentLength).flatMap { Int($0) } ?? .max
            return kind == "manifests" && length <= Self.shortManifest
        default: return false
        }
    }

    /// The two segments before the last one, which tell what a path of the Distribution API is about.
    private var subject: (container: Substring, kind: Substring) {
        var rest = Substring(path)
        func popLast() -> Substring {
            let slash = rest.utf8.lastIndex(of: UInt8(ascii: "/")) ?? rest.startIndex
            defer { rest = rest[..<slash] }
            return rest[slash...].dropFirst()
        }
        _ = popLast()
        let kind = popLast()
        return (popLast(), kind)
    }

    /// Of a request that is not short: true of what lists up to a thousand things, and takes a thousand times as long as a pull's requests.
    var asksForPage: Bool {
        if head.method == .get { return true }
        guard let operation = head.headerFields[.amzTarget]?.split(separator: ".").last else { return false }
        return operation.hasPrefix("List") || operation.hasPrefix("Describe")
    }

    /// Up to this size a manifest takes no time worth mentioning to be parsed, in bytes.
    private static let shortManifest = 16 << 10

    /// True when the connection carries other requests at the same time, as HTTP/2 does.
    var isMultiplexed: Bool { channel.parent?.parent != nil }
}

/// Version 4 UUIDs in lower case. They are no secrets: the system's randomness is asked for once, and spread over a count.
enum RequestID {
    private static let seed = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
    private static let count = Atomic<UInt64>(0)

    static func make() -> String {
        let step = count.wrappingAdd(0x9e37_79b9_7f4a_7c15, ordering: .relaxed).newValue
        let high = mixed(seed.0 &+ step) & 0xffff_ffff_ffff_0fff | 0x4000
        let low = mixed(seed.1 &+ step) & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        return String(unsafeUninitializedCapacity: 36) { output in
            var position = 0
            for index in 0..<32 {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    output[position] = UInt8(ascii: "-")
                    position += 1
                }
                let word = index < 16 ? high : low
                let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - index % 16 * 4)) & 15
                output[position] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                position += 1
            }
            return position
        }
    }

    /// The finalizer of SplitMix64, which maps different numbers to different ones.
    private static func mixed(_ number: UInt64) -> UInt64 {
        var number = number
        number = (number ^ number >> 30) &* 0xbf58_476d_1ce4_e5b9
        number = (number ^ number >> 27) &* 0x94d0_49bb_1331_11eb
        return number ^ number >> 31
    }
}

extension HTTPFields {
    /// The value of a field that a request has once, at most: the subscript gathers and joins those of all.
    func first(_ name: HTTPField.Name) -> String? { first { $0.name == name }?.value }
}
