import Foundation
import Lifecycle
import OCI
import RegistryCore

extension Installation {
    /// Performs one step of `berth lifecycle`; its answer as JSON.
    func perform(_ request: LifecycleRequest) async throws -> String {
        do {
            return try await answer(request)
        } catch let fault as LifecyclePolicyFault {
            throw Refusal("\(fault.reason).")
        } catch RegistryError.repositoryNotFound(let name, let registry) {
            throw Refusal("There is no repository \(name) in the registry \(registry.account)/\(registry.region).")
        } catch RegistryError.lifecyclePolicyNotFound(let name, _) {
            throw Refusal("The repository \(name) has no lifecycle policy.")
        } catch RegistryError.lifecyclePreviewInProgress(let name, _) {
            throw Refusal("A preview of the repository \(name) is under way; try again when it is complete.")
        }
    }

    private func answer(_ request: LifecycleRequest) async throws -> String {
        switch request {
        case .places(let last):
            let limit = 500
            let found = try await services.repositoriesWithLifecyclePolicy(after: last, limit: limit)
            let places = found.map { RepositoryPlace(account: "\($0.registry.account)", region: "\($0.registry.region)", name: "\($0.name)") }
            return try json(LifecycleAnswer.Places(places: places, next: found.count < limit ? nil : found.last?.rowID))
        case .start(let place):
            try await on(place) { try await $0.startLifecycle(of: $1) }
            return "{}"
        case .preview(let place, let policy):
            _ = try await on(place) { try await $0.startLifecyclePreview(of: policy, in: $1) }
            return "{}"
        case .advance(let place, let preview):
            guard let progress = try await on(place, { try await $0.advanceLifecycle(of: $1, preview: preview, pages: 40) }) else {
                throw Refusal("The policy of the repository \(place.name) was changed or removed meanwhile.")
            }
            return try json(progress)
        case .explain(let place, let cursor):
            let page = try await on(place) { try await $0.explainLifecycle(in: $1, after: cursor, limit: 200) }
            return try json(LifecycleAnswer.Explanations(images: page.elements.map(ExplainedImage.init), next: page.next))
        case .freed(let place):
            return try json(LifecycleAnswer.Freed(bytes: try await on(place) { try await $0.bytesFreedByLifecycle(in: $1) }))
        }
    }

    private func on<Value>(_ place: RepositoryPlace, _ body: (Registry, RepositoryName) async throws -> Value) async throws -> Value {
        let (registry, name) = try place.resolved()
        return try await body(services.registry(registry), name)
    }
}

extension ExplainedImage {
    init(_ explanation: LifecycleExplanation) {
        let image = explanation.image
        self.init(
            digest: image.digest.description, tags: image.tags.map(\.description), pushedAt: image.pushedAt.seconds, bytes: image.size,
            storageClass: image.status == .archived ? "archive" : "standard", outcome: explanation.action?.rawValue ?? "keep",
            rule: explanation.verdict?.rule.priority, reason: explanation.reason)
    }
}

extension LifecycleExplanation {
    /// Which rule claims the image, what it found, and what else decides.
    fileprivate var reason: String {
        let claim = verdict.map { "rule \($0.rule.priority): \($0.cause.sentence)" } ?? "no rule claims it"
        return switch hold {
        case .index(let digest): "\(claim); kept, since the index \(digest) needs it"
        case .subject(let digest): "\(claim); kept, since it belongs to \(digest)"
        case nil where action != nil && verdict?.isTaken != true: "\(claim); goes with what it belongs to"
        case nil: claim
        }
    }
}

extension LifecycleVerdict.Cause {
    /// What the rule found, in words.
    fileprivate var sentence: String {
        switch self {
        case .position(let position, let limit): "number \(position) of the newest \(limit)"
        case .age(let age, let limit): "\(Self.days(age)) days old, the limit is \(limit / 86_400_000)"
        }
    }

    private static func days(_ milliseconds: Int64) -> String {
        let tenths = milliseconds / 8_640_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
