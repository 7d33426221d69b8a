import AWSCore
import OCI
import RegistryCore
import TestSupport
import Testing

/// Public registries: their aliases, what is said of their repositories, and how often these are pulled.
@Suite struct PublicRegistryTests {
    let installation: TestInstallation
    let registry: Registry
    let app: RepositoryName

    init() throws {
        installation = try TestInstallation()
        registry = installation.services.registry(RegistryID(publicOf: installation.account))
        app = try #require(RepositoryName("team/app"))
    }

    private func alias(_ text: String) throws -> RegistryAlias { try #require(RegistryAlias(text)) }

    private func create(_ catalog: CatalogData? = nil, logo: [UInt8]? = nil) async throws {
        _ = try await registry.createPublicRepository(app, tags: [], catalog: catalog, logo: logo)
    }

    @Test(arguments: ["ab", "a1", "example-corp", "a1b2.c3_d4", String(repeating: "a", count: 50)]) func isAnAlias(text: String) {
        #expect(RegistryAlias(text)?.description == text)
    }

    @Test(arguments: ["", "a", "1a", "a-", "ab-", "-ab", "a-b", "ab--cd", "ab._cd", "Ab", "ab/cd", "ab ", "äb", String(repeating: "a", count: 51)])
    func isNoAlias(text: String) {
        #expect(RegistryAlias(text) == nil)
    }

    @Test func aRegistryHasNoAliasBeforeItsFirstRepository() async throws {
        #expect(try await registry.aliases() == [])
        try await create()
        let alias = try #require(try await registry.aliases().first)
        #expect(alias.isDefault && alias.isPrimary && alias.status == .active)
        #expect(try await installation.services.publicRegistry(named: alias.name.description) == registry.id)
        #expect(try await installation.services.publicRegistry(named: "nobody") == nil)
    }

    @Test func anAliasHasOneOwnerAndOneDecision() async throws {
        let services = installation.services
        let other = services.registry(RegistryID(publicOf: try #require(AccountID("999999999999"))))
        #expect(try await registry.requestAlias(try alias("example")))
        #expect(try await !registry.requestAlias(try alias("example")))
        #expect(try await !other.requestAlias(try alias("example")))
        #expect(try await services.aliases(limit: 10).map(\.status) == [.pending])
        #expect(try await services.publicRegistry(named: "example") == nil)
        #expect(try await services.settleAlias(try alias("example"), isGranted: false))
        #expect(try await !services.settleAlias(try alias("example"), isGranted: true))
        #expect(try await registry.aliases().map(\.status) == [.rejected])
        #expect(try await services.publicRegistry(named: "example") == nil)
    }

    @Test func theLastAliasThatWasGrantedIsThePrimaryOne() async throws {
        try await create()
        for name in ["first", "second"] {
            #expect(try await registry.requestAlias(try alias(name)))
            #expect(try await installation.services.settleAlias(try alias(name), isGranted: true))
        }
        let aliases = try await registry.aliases()
        #expect(aliases.filter(\.isPrimary).map(\.name.description) == ["second"])
        for alias in aliases { #expect(try await installation.services.publicRegistry(named: alias.name.description) == registry.id) }
    }

    @Test func catalogDataIsReplacedAndTheLogoKept() async throws {
        let data = CatalogData(description: "a", architectures: ["x86"], operatingSystems: [], aboutText: "b", usageText: "\u{1F6A2}")
        try await create(data, logo: [1, 2, 3])
        let stored = try await registry.catalogData(of: app)
        #expect(stored.data == data)
        let logo = try #require(stored.logo)
        #expect(try await installation.services.logo(logo) == [1, 2, 3])
        let replaced = try await registry.putCatalogData(CatalogData(description: "c"), logo: nil, of: app)
        #expect(replaced.data == CatalogData(description: "c"))
        #expect(replaced.logo == logo)
        #expect(try await registry.putCatalogData(CatalogData(), logo: [], of: app).logo == nil)
        #expect(try await installation.services.logo(logo) == nil)
    }

    @Test func ofARepositoryThatNobodyDescribedNothingIsSaid() async throws {
        try await create()
        let stored = try await registry.catalogData(of: app)
        #expect(stored.data == CatalogData() && stored.logo == nil)
        await #expect(throws: RegistryError.repositoryNotFound(app, registry: installation.registry.id)) {
            _ = try await installation.registry.catalogData(of: app)
        }
    }

    @Test func everyPullCountsBeforeItIsWrittenAndAfter() async throws {
        try await create()
        let services = installation.services
        for _ in 1...3 { registry.notePull(of: app) }
        #expect(try await registry.pullCount(of: app) == 3)
        #expect(try await services.writePullCounts(limit: 10) == 3)
        #expect(try await services.writePullCounts(limit: 10) == 0)
        registry.notePull(of: app)
        #expect(try await registry.pullCount(of: app) == 4)
        #expect(try await services.writePullCounts(limit: 10) == 1)
        #expect(try await registry.pullCount(of: app) == 4)
    }

    @Test func aDeletedRepositoryLeavesNothing() async throws {
        try await create(CatalogData(description: "a"), logo: [1])
        let logo = try #require(try await registry.catalogData(of: app).logo)
        registry.notePull(of: app)
        _ = try await installation.services.writePullCounts(limit: 10)
        _ = try await registry.deleteRepository(app, force: true)
        #expect(try await installation.services.logo(logo) == nil)
        while try await installation.services.purgeDeletedRepositories(limit: 10) > 0 {}
        try await create()
        #expect(try await registry.pullCount(of: app) == 0)
        #expect(try await registry.catalogData(of: app).data == CatalogData())
    }

    @Test func publicRegistriesHaveLimitsOfTheirOwn() async throws {
        #expect(registry.limits.layerBytes == 10_000 << 20)
        #expect(registry.limits.repositories == 10_000)
        #expect(installation.registry.limits.layerBytes == 52_000 << 20)
    }

    /// One content, pushed to a public and a private repository of one account, is two objects: a private one is never a public one's.
    @Test func publicAndPrivateRepositoriesShareNoObject() async throws {
        try await create()
        _ = try await installation.registry.createRepository(app)
        let image = TestImage.image()
        try await registry.push(image, to: app)
        let layer = image.blobs[0].descriptor.digest
        #expect(try await installation.registry.findLayers([layer], in: app, reserving: false).isEmpty)
        try await installation.registry.push(image, to: app)
        let rows = try await installation.services.database.read { transaction in
            try transaction.rows("SELECT domain FROM blobs WHERE digest = \(layer.bytes) ORDER BY domain") { $0.text(0) }
        }
        #expect(rows == ["123456789012/*", "123456789012/us-east-1"])
    }
}
