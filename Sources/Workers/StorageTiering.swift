import CoreMetrics
import Logging
import RegistryCore
import ServiceLifecycle
import Stores

/// Brings the blobs of archived images into the archive, and back. Copies can take long, so they have a service of their own.
package struct StorageTiering: Service {
    private let services: RegistryServices
    private let pause: Duration
    private let step: UpkeepStep

    /// Works on `services` in rounds `pause` apart, counted in `metrics`.
    package init(
        services: RegistryServices, pause: Duration = .seconds(1), metrics: any MetricsFactory = NOOPMetricsHandler.instance, log: Logger
    ) {
        self.services = services
        self.pause = pause
        step = UpkeepStep(metrics: metrics, log: log)
    }

    /// Runs until the service group shuts down.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // Somebody waits for a restore.
                await step("restore images") { try await services.activateImages(limit: 10) }
                await step("archive blobs") { try await services.archiveBlobs(limit: 20) }
                do { try await Task.sleep(for: pause) } catch { return }
            }
        }
    }
}
