import AWSCore
import HTTPTypes
import IAM
import RegistryCore
import Stores

/// The answers to small pulls that would be the same if they were made again: by the same caller, while nothing was committed
/// since, where no policy asks for anything that differs between requests (the time, the address, a header).
///
/// Whoever pulls an image starts with the same manifest and config again and again, and so does every node of a cluster.
struct RememberedPulls: Sendable {
    /// Larger bodies cost more to send than their answers to make; in bytes.
    private static let largestBody: Int64 = 16 << 10

    private struct Pull: Hashable {
        let caller: Caller
        let registry: RegistryID
        let method: HTTPRequest.Method
        let path: String
    }

    private struct Answer: Sendable {
        let version: UInt64
        let response: DistributionResponse
    }

    private let services: RegistryServices
    private let answers = BoundedCache<Pull, Answer>(capacity: 1024)

    init(services: RegistryServices) { self.services = services }

    private var version: UInt64? { services.database.version }

    /// The answer to `request` if it was made before and still holds.
    func answer(to request: DistributionRequest) -> DistributionResponse? {
        guard let pull = Self.pull(request), let known = answers[pull], known.version == version else { return nil }
        if let layer = known.response.layer, !services.remembers(layer) { return nil }
        return known.response
    }

    /// Remembers what was answered in the state `version`, as it leaves; gives it with what it now holds in memory.
    func remember(
        _ response: DistributionResponse, to request: DistributionRequest, in version: UInt64, unless isPeculiar: @Sendable () async throws -> Bool
    ) async throws -> DistributionResponse {
        guard response.status == .ok, !response.isRevocable, self.version == version, let pull = Self.pull(request) else { return response }
        var response = response
        switch response.body {
        case .none: guard request.method == .head else { return response }
        case .bytes(let bytes): guard bytes.readableBytes <= Self.largestBody else { return response }
        case .blob(let blob, let range):
            guard blob.fileDescriptor == nil, range.count <= Self.largestBody else { return response }
            let bytes = try await blob.read(at: range.lowerBound, count: range.count)
            guard bytes.readableBytes == range.count else { return response }
            response.body = .bytes(bytes)
            blob.close()
        }
        guard try await !isPeculiar(), self.version == version else { return response }
        answers[pull] = Answer(version: version, response: response)
        return response
    }

    /// Nil of requests for a part, or with a condition, and of public registries, which count each pull.
    private static func pull(_ request: DistributionRequest) -> Pull? {
        guard let registry = request.registry, request.method == .get || request.method == .head, request.query == nil else { return nil }
        let headers = request.headers
        guard !headers.contains(.range), !headers.contains(.ifNoneMatch), !headers.contains(.ifRange) else { return nil }
        return Pull(caller: request.context.caller, registry: registry, method: request.method, path: request.path)
    }
}
