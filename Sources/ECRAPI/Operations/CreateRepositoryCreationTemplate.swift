import AWSCore
import OCI
import RegistryCore

/// Adds a template for repositories that are made by a push, a pull-through cache or replication.
struct CreateRepositoryCreationTemplate: TemplateOperation {
    let prefix: TemplatePrefix
    let description: Bounded.Text<0, 256>?
    let encryptionConfiguration: TemplateEncryption?
    let resourceTags: [Tag]?
    let imageTagMutability: TagMutability.Mode?
    let imageTagMutabilityExclusionFilters: ExclusionFilters?
    let repositoryPolicy: Bounded.Text<0, 10240>?
    let lifecyclePolicy: Bounded.Text<0, 30720>?
    let appliedFor: [CreationTemplate.Scenario]
    let customRoleArn: CustomRoleARN?

    func run(in registry: Registry, context: OperationContext) async throws -> TemplateOutput {
        var template = CreationTemplate(prefix: prefix, appliedFor: appliedFor.unique)
        try await changes(in: registry, context)(&template)
        let created = try await registry.createTemplate(template)
        return TemplateOutput(registry: registry.id, repositoryCreationTemplate: try await TemplateShape(created, context))
    }
}

extension [CreationTemplate.Scenario] {
    /// Each once, in order.
    var unique: [CreationTemplate.Scenario] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}
