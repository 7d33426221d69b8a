import Foundation
import Identity
import NIOCore
import OCI
import RegistryCore
import Stores

extension Installation {
    /// Performs one step of `berth export`; its answer as JSON.
    func perform(_ request: ExportRequest) async throws -> String {
        try await explainingRefusals {
            switch request {
            case .names(let place, let name): try json(try await names(like: place, after: name))
            case .begin(let place): try json(try await beginning(of: place))
            case .images(let place, let cursor): try json(try await images(of: place, after: cursor))
            case .manifest(let place, let digest, let layout): try json(try await writeManifest(try parsed(digest), of: place, to: layout))
            case .layer(let place, let digest, let layout): try json(try await writeLayer(try parsed(digest), of: place, to: layout))
            }
        }
    }

    private func names(like place: RepositoryPlace, after name: String?) async throws -> ExportAnswer.Names {
        let page = try await services.registry(try place.registry()).repositories(after: name.flatMap { RepositoryName($0) }, limit: 1000)
        let names = page.elements.map(\.name.description).filter { $0.hasPrefix(place.name) }
        return ExportAnswer.Names(names: names, next: page.next?.description)
    }

    private func beginning(of place: RepositoryPlace) async throws -> ExportAnswer.Beginning {
        let (registryID, name) = try place.resolved()
        let registry = services.registry(registryID)
        let (settings, usage) = (try await registry.settings(of: name), try await registry.usage(of: name))
        // People, and other installations, know principals by their ARNs.
        let principals = PolicyPrincipals(database: services.database)
        let policy: String? = if let stored = settings.policy { try await principals.show(stored) } else { nil }
        return ExportAnswer.Beginning(images: usage.images, bytes: usage.bytes, settings: RepositoryRecord.Settings(settings, policy: policy))
    }

    private func images(of place: RepositoryPlace, after cursor: PushOrderCursor?) async throws -> ExportAnswer.Images {
        let (registry, name) = try place.resolved()
        let page = try await services.registry(registry).imagesInOrder(of: name, after: cursor, limit: 250)
        let images = page.elements.map { image in
            ExportAnswer.Image(
                digest: "\(image.digest)", mediaType: "\(image.mediaType)", size: image.size, tags: image.tags.map(\.description),
                isArchived: image.status != .active, isMember: image.isMember)
        }
        return ExportAnswer.Images(images: images, next: page.next)
    }

    private func writeManifest(_ digest: Digest, of place: RepositoryPlace, to layout: LayoutFolder) async throws -> ExportAnswer.Written {
        let (registry, name) = try place.resolved()
        guard let image = try await services.registry(registry).images([ImageIdentifier(digest: digest)], in: name)[0] else {
            return ExportAnswer.Written(problem: "it was deleted")
        }
        try await layout.write(digest) { receive in try await receive(ByteBuffer(bytes: image.payload)) }
        return ExportAnswer.Written(problem: nil)
    }

    private func writeLayer(_ digest: Digest, of place: RepositoryPlace, to layout: LayoutFolder) async throws -> ExportAnswer.Written {
        let (registry, name) = try place.resolved()
        do {
            try await layout.write(digest) { receive in try await services.registry(registry).readLayer(digest, in: name, receive) }
            return ExportAnswer.Written(problem: nil)
        } catch RegistryError.layerNotFound {
            return ExportAnswer.Written(problem: "it is not there")
        } catch BlobStoreError.failed(let reason) {
            return ExportAnswer.Written(problem: reason)
        }
    }
}

extension Installation {
    /// Does `body`; what the rules of the registry refuse is a `Refusal`.
    func explainingRefusals<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch RegistryError.repositoryNotFound(let name, let registry) {
            throw Refusal("There is no repository \(name) in the registry \(registry.account)/\(registry.region).")
        } catch RegistryError.storageFull, BlobStoreError.full {
            throw Refusal("There is no room left. What is there stays; the same command goes on from there.")
        } catch RegistryError.usageExceeded(let limit) {
            throw Refusal(limit.sentence)
        } catch RegistryError.tagImmutable(let tag, let name, _) {
            throw Refusal("The tag \(tag) of the repository \(name) names another image, and is immutable.")
        } catch RegistryError.tooManyImages(let limit) {
            throw Refusal("A repository holds \(limit) images at most.")
        } catch RegistryError.tooManyTags(let limit) {
            throw Refusal("An image has \(limit) tags at most.")
        } catch RegistryError.tooManyRepositories(let limit) {
            throw Refusal("A registry holds \(limit) repositories at most.")
        } catch RegistryError.tooManyResourceTags(let limit) {
            throw Refusal("A repository has \(limit) resource tags at most.")
        } catch RegistryError.layerDigestMismatch(let expected, let actual) {
            throw Refusal("The content \(expected) of the layout has in fact the digest \(actual): export it again.")
        }
    }

    /// The digest that `text` writes. Throws `Refusal`.
    func parsed(_ text: String) throws -> Digest {
        guard let digest = Digest(text) else { throw Refusal("\(text) is no digest.") }
        return digest
    }

    /// An answer to a step of a command.
    func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
