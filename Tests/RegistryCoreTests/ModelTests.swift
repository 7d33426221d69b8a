import OCI
import RegistryCore
import Stores
import TestSupport
import Testing

/// Random histories against a small, obviously right model; the seed is in the test's name and reproduces it.
@Suite struct ModelTests {
    /// What a repository should hold.
    private struct Model {
        var images: Set<Digest> = []
        var tags: [ImageTag: Digest] = [:]
        var isImmutable = false

        mutating func push(_ digest: Digest, _ tag: ImageTag?) -> Bool {
            if let tag, let held = tags[tag], held != digest, isImmutable { return false }
            images.insert(digest)
            if let tag { tags[tag] = digest }
            return true
        }

        mutating func untag(_ tag: ImageTag, removingLast: Bool) {
            guard let digest = tags.removeValue(forKey: tag) else { return }
            if removingLast, !tags.values.contains(digest) { images.remove(digest) }
        }

        mutating func remove(_ digest: Digest) {
            guard images.remove(digest) != nil else { return }
            tags = tags.filter { $0.value != digest }
        }
    }

    @Test(arguments: 0..<12)
    func aRandomHistoryEndsAsTheModelSays(seed: UInt64) async throws {
        let installation = try TestInstallation()
        let registry = installation.registry
        let name = try repository("app")
        _ = try await registry.createRepository(name)
        var random = SeededRandom(seed: seed)
        var model = Model()
        let tags = try (0..<4).map { try tag("t\($0)") }
        var pool: [(manifest: Manifest, digest: Digest)] = []
        let config = Array(#"{"architecture":"amd64","os":"linux"}"#.utf8)
        for content in UInt8(0)..<6 {
            let manifest = try imageManifest(config: config, layers: [[content], [content, 1]])
            pool.append((manifest, Digest.of(manifest.payload)))
        }

        for step in 0..<120 {
            let image = pool[Int.random(in: 0..<pool.count, using: &random)]
            let tag = tags[Int.random(in: 0..<tags.count, using: &random)]
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let index = UInt8(pool.firstIndex { $0.digest == image.digest } ?? 0)
                for content in [config, [index], [index, 1]] { try await registry.push(content, to: name) }
                let chosen = Bool.random(using: &random) ? tag : nil
                let isAllowed = model.push(image.digest, chosen)
                do {
                    _ = try await registry.putImage(NewImage(manifest: image.manifest, tags: chosen.map { [$0] } ?? []), in: name)
                    #expect(isAllowed, "step \(step)")
                } catch RegistryError.tagImmutable {
                    #expect(!isAllowed, "step \(step)")
                }
            case 5:
                model.untag(tag, removingLast: true)
                _ = try await registry.deleteImages([ImageIdentifier(tag: tag)], in: name)
            case 6:
                let isThere = model.tags[tag] != nil
                model.untag(tag, removingLast: false)
                do {
                    try await registry.deleteManifest(.tag(tag), in: name)
                    #expect(isThere)
                } catch RegistryError.imageNotFound {
                    #expect(!isThere)
                }
            case 7:
                model.remove(image.digest)
                _ = try await registry.deleteImages([ImageIdentifier(digest: image.digest)], in: name)
            case 8:
                model.isImmutable.toggle()
                _ = try await registry.putTagMutability(TagMutability(mode: model.isImmutable ? .immutable : .mutable), of: name)
            default:
                installation.clock.advance(by: .seconds(Int64.random(in: 0..<200_000, using: &random)))
                _ = try await installation.services.reclaimBlobs(limit: 100)
                _ = try await installation.services.reapObjects(limit: 100)
            }
        }

        let details = try await registry.describeImages(in: name, .any, after: nil, limit: 1000).elements
        #expect(Set(details.map(\.digest)) == model.images)
        #expect(Dictionary(uniqueKeysWithValues: details.flatMap { image in image.tags.map { ($0, image.digest) } }) == model.tags)
        #expect(try await registry.listTags(in: name, after: nil, limit: 100).elements == model.tags.keys.sorted())
        for (index, image) in pool.enumerated() where model.images.contains(image.digest) {
            #expect(try await registry.pull(Digest.of([UInt8(index)]), from: name) == [UInt8(index)])
            #expect(try await registry.image(ImageIdentifier(digest: image.digest), in: name).payload == image.manifest.payload)
        }
        let report = try await installation.services.check(CheckOptions(reading: .all))
        #expect(report.damage == [])
        #expect(report.orphans == [])
    }
}
