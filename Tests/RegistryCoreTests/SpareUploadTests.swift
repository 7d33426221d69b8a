import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

/// Sessions that are begun ahead of those who ask for them.
@Suite struct SpareUploadTests {
    let installation: TestInstallation
    let registry: Registry
    let name: RepositoryName

    init() async throws {
        installation = try TestInstallation()
        registry = installation.registry
        name = try repository("team/app")
        _ = try await registry.createRepository(name)
    }

    private func sessions() async throws -> Set<String> {
        Set(try await installation.sqlite.read { try $0.rows("SELECT id FROM uploads WHERE state = 0") { $0.text(0) } })
    }

    private func start(_ count: Int) async throws -> [String] {
        var ids: [String] = []
        for _ in 0..<count { ids.append(try await registry.startUpload(in: name).id) }
        return ids
    }

    @Test func aFewAreBegunOneByOne() async throws {
        let ids = try await start(8)
        #expect(try await sessions() == Set(ids))
        installation.clock.advance(by: .milliseconds(1001))
        let others = try await start(8)
        #expect(try await sessions() == Set(ids + others))
    }

    @Test func manyAreBegunTogetherAndEachIsTakenOnce() async throws {
        let ids = try await start(60)
        #expect(Set(ids).count == 60)
        let kept = try await sessions()
        #expect(kept.isSuperset(of: ids) && kept.count == 8 + 64)
        for (number, id) in ids.enumerated() {
            let content = [UInt8](repeating: UInt8(number), count: 100)
            _ = try await registry.append(.stream(stream(of: content), from: 0), to: id, in: name, completingAs: Digest.of(content))
            #expect(try await registry.pull(Digest.of(content), from: name) == content)
        }
        #expect(try await installation.services.check().isClean)
    }

    /// What waited lives as long as the client was promised, counted from when it was told.
    @Test func whatWaitedLivesNoShorter() async throws {
        _ = try await start(9)
        installation.clock.advance(by: .seconds(59))
        let before = try await sessions()
        let id = try await registry.startUpload(in: name).id
        #expect(before.contains(id))
        #expect(try await sessions() == before)
        installation.clock.advance(by: registry.limits.uploadSession - .seconds(1))
        #expect(try await registry.upload(id, in: name).offset == 0)
    }

    @Test func whatNobodyWantedEnds() async throws {
        let ids = try await start(9)
        installation.clock.advance(by: .seconds(61))
        let late = try await registry.startUpload(in: name).id
        #expect(try await sessions().count == 8 + 16 + 1)
        #expect(try await installation.services.endSpareUploads() == 15)
        #expect(try await sessions() == Set(ids + [late]))

        let others = try await start(9)
        #expect(try await installation.services.endSpareUploads() == 0)
        #expect(try await installation.services.endSpareUploads(all: true) > 0)
        #expect(try await sessions() == Set(ids + [late] + others))
    }

    @Test func aRepositoryOfTheSameNameHasOthers() async throws {
        _ = try await start(9)
        _ = try await registry.deleteRepository(name, force: true)
        _ = try await registry.createRepository(name)
        let id = try await registry.startUpload(in: name).id
        _ = try await registry.append(.stream(stream(of: [1]), from: 0), to: id, in: name, completingAs: Digest.of([1]))
        #expect(try await registry.pull(Digest.of([1]), from: name) == [1])
    }
}
