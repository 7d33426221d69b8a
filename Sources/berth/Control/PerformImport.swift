import IAM
import Identity
import Lifecycle
import OCI
import RegistryCore

extension Installation {
    /// Performs one step of `berth import`; its answer as JSON.
    func perform(_ request: ImportRequest) async throws -> String {
        do {
            return try await explainingRefusals {
                switch request {
                case .begin(let place, let settings): return try json(try await begin(place, settings))
                case .image(let place, let digest, let mediaType, let tags, let layout):
                    return try json(try await bring(try parsed(digest), MediaType(mediaType), try tags.map(parsedTag), from: layout, into: place))
                case .layer(let place, let digest, let layout): try await bringLayer(try parsed(digest), from: layout, into: place)
                case .archive(let place, let digest): try await archive(try parsed(digest), in: place)
                case .end(let place, let settings, let replacing): try await end(place, settings, replacing: replacing)
                }
                return "{}"
            }
        } catch let fault as LifecyclePolicyFault {
            throw Refusal("The lifecycle policy of the layout cannot be used: \(fault.reason).")
        }
    }

    private func begin(_ place: RepositoryPlace, _ settings: RepositoryRecord.Settings?) async throws -> ImportAnswer.Beginning {
        let (registry, name) = try place.resolved()
        guard try await accounts.exists(registry.account) else { throw Refusal("There is no account \(registry.account) here.") }
        let settings = try await resolved(settings, for: registry)
        if let policy = settings.lifecyclePolicy { _ = try LifecyclePolicy(policy) }
        do {
            try await services.registry(registry).createRepository(name, with: settings)
            return ImportAnswer.Beginning(isNew: true)
        } catch RegistryError.repositoryExists {
            return ImportAnswer.Beginning(isNew: false)
        }
    }

    private func bring(
        _ digest: Digest, _ mediaType: MediaType, _ tags: [ImageTag], from layout: LayoutFolder, into place: RepositoryPlace
    ) async throws -> ImportAnswer.Image {
        let (registryID, name) = try place.resolved()
        let registry = services.registry(registryID)
        do {
            let known = try await registry.describeImages([ImageIdentifier(digest: digest)], in: name)[0]
            if Set(tags).isSubset(of: known.tags) { return ImportAnswer.Image(isNew: false, missing: []) }
        } catch RegistryError.imageNotFound {
            // It is new.
        }
        let manifest = try layout.manifest(digest, mediaType)
        guard manifest.payload.count <= services.limits.manifestBytes else {
            throw Refusal("The manifest \(digest) of the layout has more than \(services.limits.manifestBytes) bytes.")
        }
        do {
            _ = try await registry.putImage(NewImage(manifest: manifest, tags: tags, digest: digest), in: name)
            return ImportAnswer.Image(isNew: true, missing: [])
        } catch RegistryError.layersMissing(let missing, _, _) {
            return ImportAnswer.Image(isNew: false, missing: missing.prefix(1000).map(\.description))
        } catch RegistryError.imagesMissing(let missing, _, _) {
            throw Refusal("The index \(digest) lists the image \(missing[0]), which is not in the repository, or in the archive.")
        }
    }

    private func bringLayer(_ digest: Digest, from layout: LayoutFolder, into place: RepositoryPlace) async throws {
        let (registryID, name) = try place.resolved()
        let registry = services.registry(registryID)
        guard try await registry.findLayers([digest], in: name, reserving: true).isEmpty else { return }
        let content = try layout.content(of: digest)
        let upload = try await registry.startUpload(in: name)
        do {
            _ = try await registry.append(.stream(content, from: nil), to: upload.id, in: name)
            _ = try await registry.completeUpload(upload.id, as: digest, in: name)
        } catch {
            do {
                try await registry.cancelUpload(upload.id, in: name)
            } catch {
                services.log.warning(
                    "an upload that failed keeps its bytes until it expires", metadata: ["upload": "\(upload.id)", "error": "\(error)"])
            }
            throw error
        }
    }

    private func archive(_ digest: Digest, in place: RepositoryPlace) async throws {
        let (registryID, name) = try place.resolved()
        let registry = services.registry(registryID)
        let identifier = ImageIdentifier(digest: digest)
        guard try await registry.describeImages([identifier], in: name)[0].status == .active else { return }
        do {
            _ = try await registry.setStorageClass(.archive, of: identifier, in: name)
        } catch RegistryError.storageClassUpdateNotSupported(_, _, let reason) {
            throw Refusal("The image \(digest) cannot go to the archive: \(reason).")
        }
    }

    private func end(_ place: RepositoryPlace, _ settings: RepositoryRecord.Settings, replacing: Bool) async throws {
        let (registryID, name) = try place.resolved()
        let registry = services.registry(registryID)
        if replacing { return try await registry.replaceSettings(of: name, by: try await resolved(settings, for: registryID)) }
        if let policy = settings.lifecyclePolicy, !registryID.isPublic, try await registry.settings(of: name).lifecyclePolicy == nil {
            try await registry.putLifecyclePolicy(policy, of: name)
        }
    }

    /// The settings as repositories of the registry store them; what a public one does not have is left out. Throws `Refusal`.
    private func resolved(_ settings: RepositoryRecord.Settings?, for registry: RegistryID) async throws -> RepositorySettings {
        guard let settings else { return RepositorySettings() }
        var resolved = try settings.settings(policy: try await storedPolicy(settings.policy))
        if registry.isPublic { (resolved.mutability, resolved.lifecyclePolicy) = (.mutable, nil) }
        return resolved
    }

    private func storedPolicy(_ policy: String?) async throws -> String? {
        guard let policy else { return nil }
        do {
            let document = try PolicyDocument(json: policy, as: .resource)
            return try await PolicyPrincipals(database: services.database).store(policy, document)
        } catch let unknown as UnknownPrincipal {
            throw Refusal(
                "The policy of the repository names \(unknown.name), which is not here: make it first, or leave the policy out by --without-policy.")
        } catch let malformed as MalformedPolicy {
            throw Refusal("The policy of the layout cannot be used: \(malformed)")
        }
    }

    private func parsedTag(_ text: String) throws -> ImageTag {
        guard let tag = ImageTag(text) else { throw Refusal("\(text) can be no tag.") }
        return tag
    }
}
