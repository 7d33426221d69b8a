import CoreMetrics
import Logging
import RegistryCore
import ServiceLifecycle

/// Encrypts what an older version has stored plain, at a bounded rate, while everything else goes on; after a restart it goes on with what is left.
package struct EncryptStored: Service {
    private let services: RegistryServices
    private let pace: Pace
    private let metrics: any MetricsFactory
    private let log: Logger

    /// Work on `services`, shown in `metrics`.
    package init(
        services: RegistryServices, pace: Pace = Pace(bytesPerSecond: 50 << 20), metrics: any MetricsFactory = NOOPMetricsHandler.instance,
        log: Logger
    ) {
        self.services = services
        self.pace = pace
        self.metrics = metrics
        self.log = log
    }

    /// Runs until the service group shuts down.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await pass()
                do { try await pace.wait(.seconds(600)) } catch { return }
            }
        }
    }

    /// Goes once through all that is plain. What fails is logged, and tried again in the next pass.
    package func pass() async {
        do {
            try await show()
            while try await services.encryptPlainManifests(limit: 200) > 0 { try await pace.wait(.milliseconds(20)) }
            var position: Int64 = 0
            while true {
                let step = try await services.encryptPlainBlobs(after: position, upTo: pace.bytes(inSeconds: 10), pace: pace.wait(for:))
                guard let next = step.position else { break }
                position = next
                try await show()
            }
            try await show()
        } catch is CancellationError {
            return
        } catch {
            log.error("what is stored plain could not be encrypted", metadata: ["error": "\(String(reflecting: error))"])
        }
    }

    private func show() async throws {
        let status = try await services.encryptionStatus()
        Meter(label: "berth_encryption_enabled", factory: metrics).set(status.isEncrypting ? 1 : 0)
        Meter(label: "berth_plain_blobs", factory: metrics).set(status.plainBlobs)
        Meter(label: "berth_plain_blob_bytes", factory: metrics).set(status.plainBytes)
        Meter(label: "berth_plain_manifests", factory: metrics).set(status.plainManifests)
    }
}
