import CoreMetrics
import Logging
import RegistryCore
import ServiceLifecycle

/// Encrypts what an older version has stored plain, at a bounded rate, while everything else goes on; after a restart it goes on with what is left.
package struct EncryptStored: Service {
    private let services: RegistryServices
    private let bytesPerSecond: Int64
    private let metrics: any MetricsFactory
    private let log: Logger
    private let sleep: @Sendable (Duration) async throws -> Void

    /// Work on `services` that reads at most `bytesPerSecond`, shown in `metrics`. `sleep` waits, and throws when there is no time left.
    package init(
        services: RegistryServices, bytesPerSecond: Int64 = 50 << 20, metrics: any MetricsFactory = NOOPMetricsHandler.instance, log: Logger,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.services = services
        self.bytesPerSecond = bytesPerSecond
        self.metrics = metrics
        self.log = log
        self.sleep = sleep
    }

    /// Runs until the service group shuts down.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await pass()
                do { try await sleep(.seconds(600)) } catch { return }
            }
        }
    }

    /// Goes once through all that is plain. What fails is logged, and tried again in the next pass.
    package func pass() async {
        do {
            try await show()
            while try await services.encryptPlainManifests(limit: 200) > 0 { try await sleep(.milliseconds(20)) }
            var position: Int64 = 0
            while true {
                let step = try await services.encryptPlainBlobs(after: position, upTo: bytesPerSecond * 10) { bytes in
                    try await sleep(.seconds(Double(bytes) / Double(bytesPerSecond)))
                }
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
