import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

@Suite struct ImageTests {
    let installation: TestInstallation
    let registry: Registry
    let name: RepositoryName
    let (latest, stable): (ImageTag, ImageTag)

    init() async throws {
        installation = try TestInstallation()
        registry = installation.registry
        name = try repository("app")
        (latest, stable) = (try tag("latest"), try tag("stable"))
        _ = try await registry.createRepository(name)
    }

    @Test func aManifestComesBackByteForByte() async throws {
        let pushed = try await registry.pushImage(layers: [[1]], tags: [latest], to: name)
        let byTag = try await registry.image(ImageIdentifier(tag: latest), in: name)
        let byDigest = try await registry.image(ImageIdentifier(digest: pushed.digest), in: name)
        #expect(byTag == byDigest)
        #expect(Digest.of(byTag.payload) == pushed.digest)
        #expect(byTag.mediaType == .ociManifest)
        #expect(try await registry.imageStat(ImageIdentifier(digest: pushed.digest, tag: latest), in: name).size == Int64(byTag.payload.count))
    }

    @Test func pushingTheSameAgainChangesNothing() async throws {
        let first = try await registry.pushImage(layers: [[1]], tags: [latest], to: name)
        let second = try await registry.pushImage(layers: [[1]], tags: [latest], to: name)
        #expect(first.changed)
        #expect(!second.changed)
        #expect(try await registry.pushImage(layers: [[1]], tags: [stable], to: name).changed)
        #expect(try await registry.describeImages(in: name, .any, after: nil, limit: 10).elements.map(\.tags) == [[latest, stable]])
    }

    @Test func movingATagLeavesTheOldImageUntagged() async throws {
        let old = try await registry.pushImage(layers: [[1]], tags: [latest], to: name)
        let new = try await registry.pushImage(layers: [[2]], tags: [latest], to: name)
        #expect(try await registry.image(ImageIdentifier(tag: latest), in: name).digest == new.digest)
        #expect(try await registry.describeImages(in: name, .untagged, after: nil, limit: 10).elements.map(\.digest) == [old.digest])
        await #expect(throws: RegistryError.imageNotFound(ImageIdentifier(digest: old.digest, tag: latest), name, registry: registry.id)) {
            try await registry.image(ImageIdentifier(digest: old.digest, tag: latest), in: name)
        }
    }

    @Test(arguments: [
        (TagMutability(mode: .immutable), false, false), (TagMutability(mode: .mutable), true, true),
        (TagMutability(mode: .immutableWithExclusion, exclusions: ["lat*"]), true, false),
        (TagMutability(mode: .mutableWithExclusion, exclusions: ["lat*"]), false, true),
    ])
    func mutabilityDecidesWhetherATagMoves(mutability: TagMutability, latestMoves: Bool, stableMoves: Bool) async throws {
        _ = try await registry.pushImage(layers: [[1]], tags: [latest, stable], to: name)
        #expect(try await registry.putTagMutability(mutability, of: name).mutability == mutability)
        for (tag, moves) in [(latest, latestMoves), (stable, stableMoves)] {
            // The same image under the same tag is no move, in every mode.
            #expect(try await registry.pushImage(layers: [[1]], tags: [tag], to: name).changed == false)
            if moves {
                #expect(try await registry.pushImage(layers: [[2]], tags: [tag], to: name).changed)
            } else {
                await #expect(throws: RegistryError.tagImmutable(tag, name, registry: registry.id)) {
                    try await registry.pushImage(layers: [[2]], tags: [tag], to: name)
                }
            }
        }
    }

    @Test func aRefusedTagLeavesNoImageBehind() async throws {
        _ = try await registry.pushImage(layers: [[1]], tags: [latest], to: name)
        _ = try await registry.putTagMutability(TagMutability(mode: .immutable), of: name)
        await #expect(throws: RegistryError.tagImmutable(latest, name, registry: registry.id)) {
            try await registry.pushImage(layers: [[2]], tags: [stable, latest], to: name)
        }
        #expect(try await registry.describeImages(in: name, .any, after: nil, limit: 10).elements.count == 1)
        #expect(try await registry.listTags(in: name, after: nil, limit: 10).elements == [latest])
    }

    @Test func ofManyPushesToAnImmutableTagOneWins() async throws {
        _ = try await registry.putTagMutability(TagMutability(mode: .immutable), of: name)
        let (registry, name, latest) = (registry, name, latest)
        let winners = await withTaskGroup(of: Bool.self) { group in
            for content in UInt8(0)..<16 {
                group.addTask {
                    do {
                        _ = try await registry.pushImage(layers: [[content]], tags: [latest], to: name)
                        return true
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
        #expect(try await registry.describeImages(in: name, .any, after: nil, limit: 100).elements.map(\.tags) == [[latest]])
    }

    @Test func anIndexNeedsItsMembersAndKeepsThem() async throws {
        let absent = Digest.of([0])
        await #expect(throws: RegistryError.imagesMissing([absent], name, registry: registry.id)) {
            try await registry.putImage(NewImage(manifest: indexManifest(of: [absent]), tags: [latest]), in: name)
        }
        let small = try await registry.pushImage(layers: [[1]], tags: [stable], to: name)
        let large = try await registry.pushImage(layers: [[1, 2, 3]], tags: [], to: name)
        let index = try await registry.putImage(NewImage(manifest: indexManifest(of: [small.digest, large.digest]), tags: [latest]), in: name)

        let details = try await registry.describeImages([ImageIdentifier(tag: latest), ImageIdentifier(digest: large.digest)], in: name)
        #expect(details.map(\.size) == [details[1].size, details[1].size])
        await #expect(throws: RegistryError.imageReferenced(by: [index.digest])) {
            try await registry.deleteManifest(.digest(small.digest), in: name)
        }
        #expect(
            try await registry.deleteImages(
                [ImageIdentifier(tag: stable), ImageIdentifier(digest: index.digest), ImageIdentifier(tag: stable)], in: name)
                == [
                    .referenced(by: [index.digest]), .deleted([ImageIdentifier(digest: index.digest, tag: latest)]),
                    .deleted([ImageIdentifier(digest: small.digest, tag: stable)]),
                ])
    }

    @Test func theApiDeletesAnImageWithItsLastTagAndDockerDoesNot() async throws {
        let image = try await registry.pushImage(layers: [[1]], tags: [latest, stable], to: name)
        #expect(
            try await registry.deleteImages([ImageIdentifier(tag: latest)], in: name)
                == [.deleted([ImageIdentifier(digest: image.digest, tag: latest)])])
        try await registry.deleteManifest(.tag(stable), in: name)
        #expect(try await registry.describeImages(in: name, .untagged, after: nil, limit: 10).elements.map(\.digest) == [image.digest])

        _ = try await registry.pushImage(layers: [[1]], tags: [latest], to: name)
        _ = try await registry.deleteImages([ImageIdentifier(tag: latest)], in: name)
        #expect(try await registry.describeImages(in: name, .any, after: nil, limit: 10).elements.isEmpty)
        #expect(try await registry.deleteImages([ImageIdentifier(tag: latest)], in: name) == [.notFound])
    }

    @Test func listsPageWithoutGapsOrRepeats() async throws {
        var expected: Set<ImageIdentifier> = []
        for content in UInt8(0)..<23 {
            let tags = try (0..<Int(content % 4)).map { try tag("t\(content)-\($0)") }
            let image = try await registry.pushImage(layers: [[content]], tags: tags, to: name)
            installation.clock.advance(by: .milliseconds(Int64(content % 2)))
            expected.formUnion(tags.isEmpty ? [ImageIdentifier(digest: image.digest)] : tags.map { ImageIdentifier(digest: image.digest, tag: $0) })
        }
        for limit in [1, 2, 3, 7, 100] {
            for status in [TagStatus.any, .tagged, .untagged] {
                var (seen, cursor): ([ImageIdentifier], ImageCursor?) = ([], nil)
                repeat {
                    let page = try await registry.listImages(in: name, status, after: cursor, limit: limit)
                    #expect(page.elements.count <= limit)
                    seen += page.elements
                    cursor = page.next
                } while cursor != nil
                #expect(Set(seen).count == seen.count)
                let wanted = expected.filter { status == .any || ($0.tag != nil) == (status == .tagged) }
                #expect(wanted.symmetricDifference(seen).isEmpty, "\(status), \(limit) a page")
            }
        }
    }

    @Test func referrersAreListedByType() async throws {
        let subject = try await registry.pushImage(layers: [[1]], tags: [latest], to: name)
        let config = Array(#"{"architecture":"amd64","os":"linux"}"#.utf8)
        let manifest = try imageManifest(config: config, layers: [[1]], subject: subject.digest)
        let referrer = try await registry.putImage(NewImage(manifest: manifest, tags: []), in: name)
        let all = try await registry.referrers(of: subject.digest, in: name, artifactTypes: [], after: nil, limit: 10)
        #expect(all.elements.map(\.digest) == [referrer.digest])
        let type = MediaType.ociImageConfig.description
        #expect(try await registry.referrers(of: subject.digest, in: name, artifactTypes: [type], after: nil, limit: 10).elements == all.elements)
        #expect(try await registry.referrers(of: subject.digest, in: name, artifactTypes: ["other"], after: nil, limit: 10).elements.isEmpty)
        #expect(try await registry.referrers(of: Digest.of([9]), in: name, artifactTypes: [], after: nil, limit: 10).elements.isEmpty)
    }

    @Test func limitsAreEnforced() async throws {
        var limits = Limits()
        limits.imagesPerRepository = 2
        limits.tagsPerImage = 2
        let limited = try TestInstallation(limits: limits)
        let small = limited.registry
        _ = try await small.createRepository(name)
        _ = try await small.pushImage(layers: [[1]], tags: [latest, stable], to: name)
        await #expect(throws: RegistryError.tooManyTags(limit: 2)) { try await small.pushImage(layers: [[1]], tags: [tag("third")], to: name) }
        await #expect(throws: RegistryError.tooManyTags(limit: 2)) {
            try await small.pushImage(layers: [[2]], tags: [tag("one"), tag("two"), tag("three")], to: name)
        }
        _ = try await small.pushImage(layers: [[2]], tags: [], to: name)
        await #expect(throws: RegistryError.tooManyImages(limit: 2)) { try await small.pushImage(layers: [[3]], tags: [], to: name) }
        _ = try await small.deleteImages([ImageIdentifier(tag: latest), ImageIdentifier(tag: stable)], in: name)
        _ = try await small.pushImage(layers: [[3]], tags: [], to: name)
        withExtendedLifetime(limited) {}
    }
}
