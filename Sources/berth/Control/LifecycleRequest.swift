import AWSCore
import OCI
import RegistryCore

/// What `berth lifecycle` asks for; each is answered by JSON. What takes long is done in steps, so that the asker can show how far it is.
enum LifecycleRequest: Codable, Equatable, Sendable {
    /// The repositories that have a policy, from a place on: `LifecycleAnswer.Places`.
    case places(after: Int64)
    /// Begins to carry out the policy of a repository.
    case start(RepositoryPlace)
    /// Begins a preview of `policy`, or of the repository's own.
    case preview(RepositoryPlace, policy: String?)
    /// Works at either for a moment: `LifecycleProgress`.
    case advance(RepositoryPlace, preview: Bool)
    /// What the complete preview says of some images: `LifecycleAnswer.Explanations`.
    case explain(RepositoryPlace, after: LifecycleExplanationCursor?)
    /// The bytes that the preview would free: `LifecycleAnswer.Freed`.
    case freed(RepositoryPlace)
}

/// What comes back.
enum LifecycleAnswer {
    struct Places: Codable, Sendable {
        let places: [RepositoryPlace]
        /// Where to go on; nil at the end.
        let next: Int64?
    }

    struct Explanations: Codable, Sendable {
        let images: [ExplainedImage]
        let next: LifecycleExplanationCursor?
    }

    struct Freed: Codable, Sendable {
        let bytes: Int64
    }
}

/// What a policy does with an image, and why.
struct ExplainedImage: Codable, Hashable, Sendable {
    let digest: String
    let tags: [String]
    /// Seconds since 1970.
    let pushedAt: Double
    let bytes: Int64
    let storageClass: String
    /// `expire`, `transition` or `keep`.
    let outcome: String
    /// The priority of the rule that claims the image; nil when none does.
    let rule: Int?
    /// In words.
    let reason: String
}
