import OCI
import Stores
import TestSupport
import Testing

@testable import RegistryCore

/// What repositories and accounts hold, counted exactly, and its limits.
@Suite struct UsageTests {
    /// Three layers and the config that `pushImage` makes.
    private let config = Int64(#"{"architecture":"amd64","os":"linux"}"#.utf8.count)
    private let layers = [[UInt8](repeating: 1, count: 100), [UInt8](repeating: 2, count: 1000), [UInt8](repeating: 3, count: 10_000)]

    @Test func aBlobCountsOnceInARepositoryHoweverManyImagesNameIt() async throws {
        let installation = try TestInstallation()
        let registry = installation.registry
        let (app, other) = (try repository("app"), try repository("other"))
        for name in [app, other] { _ = try await registry.createRepository(name) }
        let first = try await registry.pushImage(layers: [layers[0], layers[1]], tags: [], to: app)
        #expect(try await registry.usage(of: app) == Usage(images: 1, bytes: config + 1100))
        let second = try await registry.pushImage(layers: [layers[1], layers[2]], tags: [try tag("v1")], to: app)
        #expect(try await registry.usage(of: app) == Usage(images: 2, bytes: config + 11_100))
        _ = try await registry.pushImage(layers: [layers[2]], tags: [], to: other)
        #expect(try await registry.accountUsage() == Usage(images: 3, bytes: 2 * config + 21_100))

        while try await installation.services.foldTotals(limit: 1) > 0 {}
        #expect(try await registry.usage(of: app) == Usage(images: 2, bytes: config + 11_100))
        #expect(try await registry.accountUsage() == Usage(images: 3, bytes: 2 * config + 21_100))

        try await registry.deleteManifest(.digest(second.digest), in: app)
        #expect(try await registry.usage(of: app) == Usage(images: 1, bytes: config + 1100))
        try await registry.deleteManifest(.digest(first.digest), in: app)
        #expect(try await registry.usage(of: app) == Usage(images: 0, bytes: 0))
        _ = try await installation.services.foldTotals(limit: 100)
        #expect(try await registry.accountUsage() == Usage(images: 1, bytes: config + 10_000))
        let shown = try await installation.services.largestRepositories(limit: 10)
        #expect(shown.map(\.name) == ["other", "app"])
        #expect(try await installation.services.registryUsage().map(\.usage) == [Usage(images: 1, bytes: config + 10_000)])
    }

    @Test(arguments: [false, true]) func aDeletedRepositoryHoldsNothing(isFolded: Bool) async throws {
        let installation = try TestInstallation()
        let registry = installation.registry
        let app = try repository("app")
        _ = try await registry.createRepository(app)
        _ = try await registry.pushImage(layers: layers, tags: [], to: app)
        if isFolded { _ = try await installation.services.foldTotals(limit: 100) }
        _ = try await registry.deleteRepository(app, force: true)
        #expect(try await registry.accountUsage() == Usage(images: 0, bytes: 0))
        while try await installation.services.purgeDeletedRepositories(limit: 2) > 0 {}
        _ = try await installation.services.foldTotals(limit: 100)
        #expect(try await registry.accountUsage() == Usage(images: 0, bytes: 0))
        #expect(try await installation.services.largestRepositories(limit: 10).isEmpty)
    }

    @Test func regionsOfAnAccountCountTogether() async throws {
        let installation = try TestInstallation()
        let app = try repository("app")
        for region in ["us-east-1", "eu-west-1"] {
            let registry = try installation.registry(region: region)
            _ = try await registry.createRepository(app)
            _ = try await registry.pushImage(layers: [layers[0]], tags: [], to: app)
        }
        _ = try await installation.services.foldTotals(limit: 100)
        #expect(try await installation.registry.accountUsage() == Usage(images: 2, bytes: 2 * config + 200))
        #expect(try await installation.registry(account: "999999999999").accountUsage() == Usage(images: 0, bytes: 0))
    }

    @Test func aPushBeyondALimitIsRefusedWholeAndOneWithinItIsNot() async throws {
        var limits = Limits()
        limits.bytesPerRepository = config + 1100
        limits.bytesPerAccount = 2 * config + 1200
        limits.imagesPerAccount = 3
        let installation = try TestInstallation(limits: limits)
        let registry = installation.registry
        let (app, other) = (try repository("app"), try repository("other"))
        for name in [app, other] { _ = try await registry.createRepository(name) }
        _ = try await registry.pushImage(layers: [layers[0]], tags: [], to: app)
        _ = try await registry.pushImage(layers: [layers[0], layers[1]], tags: [], to: app)
        await #expect(throws: RegistryError.usageExceeded(.bytesOfRepository(config + 1100))) {
            _ = try await registry.pushImage(layers: [layers[2]], tags: [try tag("v1")], to: app)
        }
        #expect(try await registry.usage(of: app) == Usage(images: 2, bytes: config + 1100))
        #expect(try await registry.listTags(in: app, after: nil, limit: 10).elements.isEmpty)
        await #expect(throws: RegistryError.usageExceeded(.bytesOfAccount(2 * config + 1200))) {
            _ = try await registry.pushImage(layers: [layers[1]], tags: [], to: other)
        }
        _ = try await registry.pushImage(layers: [layers[0]], tags: [], to: other)
        await #expect(throws: RegistryError.usageExceeded(.imagesOfAccount(3))) { _ = try await registry.pushImage(layers: [], tags: [], to: other) }
        _ = try await registry.pushImage(layers: [layers[0]], tags: [try tag("v1")], to: other)
    }
}
