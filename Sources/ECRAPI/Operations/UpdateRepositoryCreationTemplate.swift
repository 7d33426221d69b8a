import AWSCore
import OCI
import RegistryCore

/// Changes those settings of a template that are given; an empty text takes one away. Repositories that are there stay as they are.
struct UpdateRepositoryCreationTemplate: TemplateOperation {
    let prefix: TemplatePrefix
    let description: Bounded.Text<0, 256>?
    let encryptionConfiguration: TemplateEncryption?
    let resourceTags: [Tag]?
    let imageTagMutability: TagMutability.Mode?
    let imageTagMutabilityExclusionFilters: ExclusionFilters?
    let repositoryPolicy: Bounded.Text<0, 10240>?
    let lifecyclePolicy: Bounded.Text<0, 30720>?
    let appliedFor: [CreationTemplate.Scenario]?
    let customRoleArn: CustomRoleARN?

    func run(in registry: Registry, context: OperationContext) async throws -> TemplateOutput {
        let (changes, appliedFor) = (try await changes(in: registry, context), appliedFor)
        let updated = try await registry.updateTemplate(prefix) { template in
            try changes(&template)
            if let appliedFor { template.appliedFor = appliedFor.unique }
        }
        return TemplateOutput(registry: registry.id, repositoryCreationTemplate: try await TemplateShape(updated, context))
    }
}
