import Foundation
import OCI
import RegistryCore

/// What an exported repository is besides its images: `berth-repository.json` of a layout.
struct RepositoryRecord: Codable, Hashable, Sendable {
    /// Where it was.
    let place: RepositoryPlace
    let settings: Settings
    /// Digests of the images in the archive.
    let archived: [String]

    /// The settings of a repository as people write them.
    struct Settings: Codable, Hashable, Sendable {
        /// As ECR's API calls it: `IMMUTABLE`, for example.
        let imageTagMutability: String
        let imageTagMutabilityExclusionFilters: [String]
        let tags: [String: String]
        /// Its principals by ARN.
        let policy: String?
        let lifecyclePolicy: String?
        /// Of a public repository what it says of itself, and its logo.
        let catalog: CatalogData?
        let logo: Data?
    }
}

extension RepositoryRecord.Settings {
    /// The settings of a repository whose policy is `policy` with principals by ARN.
    init(_ settings: RepositorySettings, policy: String?) {
        imageTagMutability = settings.mutability.mode.rawValue
        imageTagMutabilityExclusionFilters = settings.mutability.exclusions
        tags = Dictionary(settings.resourceTags.map { ($0.key, $0.value) }) { $1 }
        self.policy = policy
        lifecyclePolicy = settings.lifecyclePolicy
        catalog = settings.catalog
        logo = settings.logo.map { Data($0) }
    }

    /// As a repository takes them, with `policy` as it stores it. Throws `Refusal`.
    func settings(policy: String?) throws -> RepositorySettings {
        guard let mode = TagMutability.Mode(rawValue: imageTagMutability) else {
            throw Refusal("\(imageTagMutability) is no imageTagMutability.")
        }
        return RepositorySettings(
            mutability: TagMutability(mode: mode, exclusions: imageTagMutabilityExclusionFilters),
            resourceTags: tags.sorted { $0.key < $1.key }.map { ResourceTag(key: $0.key, value: $0.value) }, policy: policy,
            lifecyclePolicy: lifecyclePolicy, catalog: catalog, logo: logo.map { [UInt8]($0) })
    }
}
