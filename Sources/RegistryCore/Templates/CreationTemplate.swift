import OCI
import Stores

/// The settings with which repositories are made that nobody makes by hand.
///
/// Source: Amazon ECR user guide, "Templates to control repositories created during a pull through cache, create on push, or replication action".
package struct CreationTemplate: Hashable, Sendable {
    /// What makes the repositories; the raw value is the wire form.
    package enum Scenario: String, Hashable, Sendable, CaseIterable {
        case replication = "REPLICATION"
        case pullThroughCache = "PULL_THROUGH_CACHE"
        case createOnPush = "CREATE_ON_PUSH"
    }

    package let prefix: TemplatePrefix
    package var description: String?
    package var mutability: TagMutability
    package var encryption: EncryptionRequest
    package var resourceTags: [ResourceTag]
    /// As repositories store it, its principals by unique id.
    package var repositoryPolicy: String?
    package var lifecyclePolicy: String?
    package var appliedFor: [Scenario]
    /// The ARN of the role that ECR would make the repositories with.
    package var customRole: String?
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    /// A template that says nothing but what it is for; the times are those of the transaction that stores it.
    package init(prefix: TemplatePrefix, appliedFor: [Scenario]) {
        self.init(prefix: prefix, appliedFor: appliedFor, createdAt: Timestamp(milliseconds: 0))
    }

    init(prefix: TemplatePrefix, appliedFor: [Scenario], createdAt: Timestamp) {
        self.prefix = prefix
        self.appliedFor = appliedFor
        mutability = .mutable
        encryption = .aes256
        resourceTags = []
        self.createdAt = createdAt
        updatedAt = createdAt
    }
}
