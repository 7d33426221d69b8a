import CoreMetrics
import RegistryCore
import Stores

/// Shows in the metrics what accounts and the largest repositories hold.
struct UsageMeters {
    /// Of more repositories the metrics would be slow to read.
    private static let repositories = 400
    /// The time between two measurements: looking for the largest repositories reads all totals.
    private static let interval = Duration.seconds(15)

    private let services: RegistryServices
    private let metrics: any MetricsFactory
    private var meters: [String: [Meter]] = [:]
    private var next = Timestamp(milliseconds: 0)

    init(services: RegistryServices, metrics: any MetricsFactory) {
        self.services = services
        self.metrics = metrics
    }

    /// Measures when it is time. Always returns 0: nothing is left to do.
    mutating func measure() async throws -> Int {
        let now = services.clock.now
        guard now >= next else { return 0 }
        next = now + Self.interval
        for (registry, usage) in try await services.registryUsage() {
            show(usage, of: "account", [("account", "\(registry.account)"), ("region", "\(registry.place)")])
        }
        let largest = try await services.largestRepositories(limit: Self.repositories)
        var gone = meters
        for repository in largest {
            let registry = repository.registry
            let labels = [("account", "\(registry.account)"), ("region", "\(registry.place)"), ("repository", repository.name)]
            let key = "\(registry.account)/\(registry.place)/\(repository.name)"
            meters[key] = show(repository.usage, of: "repository", labels)
            gone[key] = nil
        }
        for (key, meters) in gone {
            for meter in meters { meter.destroy() }
            self.meters[key] = nil
        }
        return 0
    }

    @discardableResult
    private func show(_ usage: Usage, of kind: String, _ labels: [(String, String)]) -> [Meter] {
        let images = Meter(label: "berth_\(kind)_images", dimensions: labels, factory: metrics)
        images.set(usage.images)
        let bytes = Meter(label: "berth_\(kind)_bytes", dimensions: labels, factory: metrics)
        bytes.set(usage.bytes)
        return [images, bytes]
    }
}
