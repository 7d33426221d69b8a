import ArgumentParser
import DistributionAPI
import ECRAPI
import EventDelivery
import Foundation
import HTTPEdge
import IAMAPI
import KMSAPI
import Logging
import RegistryCore
import ServiceLifecycle
import Workers

/// `berth serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the registry.",
        discussion: """
            The first start makes the data folder and the account's root access key, and prints what to paste. Stop it with Ctrl-C or SIGTERM: \
            running requests are finished first. Each option can also be set in the environment and in a YAML file; the command line \
            wins over the environment, the environment over the file.
            """)

    @OptionGroup var options: SettingOptions

    func run() async throws {
        let settings = try options.settings()
        try settings.edge(account: settings.account ?? .zeros).check()
        let sink = LogSink()
        let log = settings.logger(to: sink)
        raiseOpenFileLimit()
        keepFreedMemory()

        let installation = try await Installation.open(settings, log: log)
        await installation.releaseCopies()
        try await installation.makeFirstRootKey()
        let control = try await ControlSocket.open(at: settings.data.socket, log: log) { try await installation.perform($0) }
        let metrics = PrometheusMetrics()
        metrics.recordBuild(version: version)
        metrics.describe("berth_upkeep_items_total", "What the background work has done, by its step.")
        metrics.describe("berth_upkeep_failures_total", "How often a step of the background work failed.")
        metrics.describe("berth_events_delivered_total", "Events that arrived, by their target.")
        metrics.describe("berth_event_failures_total", "How often a target did not take an event.")
        metrics.describe("berth_event_delay_seconds", "How long the oldest event has waited that did not arrive yet, by target.")
        metrics.describe("berth_account_images", "Images of an account in a region.")
        metrics.describe("berth_account_bytes", "Bytes that the images of an account in a region hold, each blob of a repository counted once.")
        metrics.describe("berth_repository_images", "Images of a repository, of the largest ones.")
        metrics.describe("berth_repository_bytes", "Bytes that the images of a repository hold, of the largest ones.")
        metrics.describe("berth_reclaim_delay_seconds", "How long the blob or object has waited that could be removed first.")
        metrics.describe("berth_kms_up", "1 while the service of the KMS keys answers.")
        metrics.describe("berth_damaged_blobs", "Blobs in quarantine, until they are pushed again.")
        metrics.describe("berth_scrub_blobs_total", "Blobs that were read in the background.")
        metrics.describe("berth_scrub_bytes_total", "Bytes that were read in the background.")
        metrics.describe("berth_scrub_damage_total", "Damaged blobs that were found in the background.")
        metrics.describe("berth_encryption_enabled", "1 while what is pushed is encrypted.")
        metrics.describe("berth_plain_blobs", "Blobs that are stored without encryption.")
        metrics.describe("berth_plain_blob_bytes", "Bytes of blobs that are stored without encryption.")
        metrics.describe("berth_plain_manifests", "Manifests that are stored without encryption.")
        let edge = try Edge(
            settings.edge(account: installation.account), backends: installation.backends(settings), metrics: metrics, log: log,
            onBound: { bound in announce(Endpoint(settings: settings, bound: bound), of: installation, log: log) })

        // The last one stops first: no request is under way when what it stands on goes.
        let scrub =
            settings.scrubRate > 0
            ? [Scrub(services: installation.services, pace: Pace(bytesPerSecond: settings.scrubRate), metrics: metrics, log: log)] : []
        let upkeep = Upkeep(services: installation.services, identity: installation.identity, keys: installation.keys, metrics: metrics, log: log)
        let tiering = StorageTiering(services: installation.services, metrics: metrics, log: log)
        try await installation.services.claimEvents()
        let encryption = EncryptStored(services: installation.services, metrics: metrics, log: log)
        let deliveries = try await installation.eventDeliveries(settings.events, metrics, log)
        let services: [any Service] = [sink] + deliveries + [upkeep, tiering, encryption] + scrub + [control, edge]
        let group = ServiceGroup(
            services: services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: log)
        try await group.run()
        try await installation.close()
    }

    /// Leaves the endpoint for `berth env`, and tells the person at the terminal what to paste.
    private func announce(_ endpoint: Endpoint, of installation: Installation, log: Logger) {
        do {
            try endpoint.write(to: installation.folder)
        } catch {
            log.error("the endpoint could not be left for `berth env`", metadata: ["error": "\(error)"])
        }
        let greeting = Greeting(endpoint: endpoint, account: installation.account, folder: installation.folder, program: CommandLine.arguments[0])
        FileHandle.standardOutput.write(Data(greeting.text.utf8))
    }
}

extension Installation {
    /// What the HTTP side stands on.
    fileprivate func backends(_ settings: Settings) -> Backends {
        Backends(
            services: services, ecr: ECRDialect(services: services, tokens: identity.dockerTokens, authorizer: authorizer),
            ecrPublic: ECRDialect(
                .ecrPublic, services: services, tokens: identity.publicTokens, authorizer: authorizer, publicHost: settings.publicHost(for:)),
            iam: QueryDialect(.iam, identity: identity, authorizer: authorizer, log: services.log),
            sts: QueryDialect(.sts, identity: identity, authorizer: authorizer, log: services.log),
            kms: KMSDialect(services: keys, authorizer: authorizer, log: services.log),
            distribution: DistributionDialect(services: services, authorizer: authorizer), identity: identity,
            probes: [("database", { try await services.probeDatabase() }), ("blobs", { try await services.probeBlobs() })])
    }

    /// The services that bring events to their targets. Throws a `Refusal` for a file that cannot be written; of a webhook that may work later the log
    /// tells.
    fileprivate func eventDeliveries(_ settings: EventSettings, _ metrics: PrometheusMetrics, _ log: Logger) async throws -> [any Service] {
        var targets: [any EventTarget] = []
        if let path = settings.file {
            let file = FileTarget(path: path)
            do { try file.check() } catch { throw Refusal("event-file: \(error)") }
            targets.append(file)
        }
        if let url = settings.webhook {
            let secret = try WebhookSecret.read(settings.secret, ids: services.ids)
            let webhook = try WebhookTarget(url: url, secret: secret, networks: settings.networks, clock: services.clock)
            do {
                try await webhook.check()
            } catch {
                log.warning("events cannot be posted now, and wait", metadata: ["target": "webhook", "error": "\(error)"])
            }
            targets.append(webhook)
        }
        return targets.map { DeliverEvents(services: services, target: $0, metrics: metrics, log: log) }
    }
}
