import AWSCore
import IAM
import OCI
import RegistryCore

extension TemplatePrefix: ConstrainedText {
    package static let constraint = "must satisfy regular expression '\(pattern)'"

    // A length of its own besides the pattern, with a sentence of its own.
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(Bounded.Text<1, 256>.self).value
        guard let prefix = TemplatePrefix(text) else { throw ConstraintViolation(at: decoder, reason: Self.constraint) }
        self = prefix
    }
}

extension TemplatePrefix: PageCursor {
    var tokenText: String { description }

    init?(tokenText: Substring) { self.init(tokenText) }
}

extension CreationTemplate.Scenario: ConstrainedEnum {}

/// The model's EncryptionConfigurationForRepositoryCreationTemplate.
struct TemplateEncryption: Decodable, Sendable {
    /// The full ARN of a key, or nothing.
    struct Key: ConstrainedText {
        static let pattern = #"^$|arn:aws[a-z0-9-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[a-z0-9-]+"#
        static let constraint = "must satisfy regular expression '\(pattern)'"

        let text: String

        init?(_ text: String) {
            guard text.isEmpty || text.wholeMatch(of: #/arn:aws[a-z0-9\-]*:kms:[a-z0-9\-]+:[0-9]{12}:key/[a-z0-9\-]+/#) != nil else { return nil }
            self.text = text
        }

        init(from decoder: any Decoder) throws {
            let text = try decoder.singleValueContainer().decode(Bounded.Text<0, 2048>.self).value
            guard let key = Key(text) else { throw ConstraintViolation(at: decoder, reason: Self.constraint) }
            self = key
        }
    }

    let encryptionType: EncryptionConfiguration.EncryptionType
    let kmsKey: Key?

    /// What is asked for; an empty key is none. Throws `ConstraintViolation` for a key where none is taken.
    func request() throws -> EncryptionRequest {
        try encryptionType.request(key: kmsKey.flatMap { $0.text.isEmpty ? nil : $0.text })
    }
}

/// The model's CustomRoleArn.
typealias CustomRoleARN = Bounded.Text<0, 2048>

/// What CreateRepositoryCreationTemplate and UpdateRepositoryCreationTemplate have in common.
protocol TemplateOperation: ECROperation {
    var prefix: TemplatePrefix { get }
    var description: Bounded.Text<0, 256>? { get }
    var encryptionConfiguration: TemplateEncryption? { get }
    var resourceTags: [Tag]? { get }
    var imageTagMutability: TagMutability.Mode? { get }
    var imageTagMutabilityExclusionFilters: ExclusionFilters? { get }
    var repositoryPolicy: Bounded.Text<0, 10240>? { get }
    var lifecyclePolicy: Bounded.Text<0, 30720>? { get }
    var customRoleArn: CustomRoleARN? { get }
}

extension TemplateOperation {
    var registryId: AccountID? { nil }

    /// The operation's own action, and the actions that the template does to the repositories that are made with it.
    ///
    /// Source: Amazon ECR user guide, "IAM permissions for creating repository creation templates".
    func permissions(in registry: Registry) -> [Permission] {
        let repositories = ARN(
            service: "ecr", region: registry.id.region.description, account: registry.id.account.description, resource: prefix.resource)
        var actions = ["ecr:CreateRepository"]
        if repositoryPolicy?.value.isEmpty == false { actions.append("ecr:SetRepositoryPolicy") }
        if lifecyclePolicy?.value.isEmpty == false { actions.append("ecr:PutLifecyclePolicy") }
        let role = (customRoleArn?.value).flatMap { ARN($0) }
        let passing = role.map { [Permission("iam:PassRole", on: $0, facts: ["iam:PassedToService": ["ecr.amazonaws.com"]])] } ?? []
        return [permission(in: registry)] + actions.map { Permission($0, on: repositories) } + passing
    }

    /// Checks the members that are given, and returns what they change of a template. Throws `ConstraintViolation`, `AWSError`.
    func changes(in registry: Registry, _ context: OperationContext) async throws -> @Sendable (inout CreationTemplate) throws -> Void {
        let encryption = try encryptionConfiguration?.request()
        if let encryption { try registry.requireEncryption(for: encryption) }
        let tags = try checkedTags(registry.limits)
        let policy = try await storedPolicy(context)
        let lifecycle = try checkedLifecyclePolicy(registry.limits)
        let role = try await checkedRole(in: registry, context)
        let (description, mode, filters) = (description?.value, imageTagMutability, imageTagMutabilityExclusionFilters)
        return { template in
            if let description { template.description = description.isEmpty ? nil : description }
            if let encryption { template.encryption = encryption }
            if let tags { template.resourceTags = tags }
            if let policy { template.repositoryPolicy = policy.isEmpty ? nil : policy }
            if let lifecycle { template.lifecyclePolicy = lifecycle.isEmpty ? nil : lifecycle }
            if let role { template.customRole = role.isEmpty ? nil : role }
            if mode != nil || filters != nil { template.mutability = try TagMutability(mode: mode ?? template.mutability.mode, filters: filters) }
            guard template.resourceTags.isEmpty || template.customRole != nil else {
                throw AWSError("ValidationException", "A repository creation template with resource tags needs a customRoleArn.")
            }
            guard template.encryption == .aes256 || template.customRole != nil else {
                throw AWSError("ValidationException", "A repository creation template with KMS encryption needs a customRoleArn.")
            }
        }
    }

    /// The model has no errors of their own for the tags of a template.
    private func checkedTags(_ limits: Limits) throws -> [ResourceTag]? {
        guard let resourceTags else { return nil }
        if let fault = resourceTags.fault { throw ConstraintViolation(member: "resourceTags", reason: fault) }
        guard resourceTags.count <= limits.resourceTags else {
            throw ConstraintViolation(member: "resourceTags", reason: "Member must have length less than or equal to \(limits.resourceTags)")
        }
        return resourceTags.stored
    }

    private func storedPolicy(_ context: OperationContext) async throws -> String? {
        guard let text = repositoryPolicy?.value, !text.isEmpty else { return repositoryPolicy?.value }
        return try await context.resourcePolicy(text, as: .resource, of: "ecr").stored
    }

    private func checkedLifecyclePolicy(_ limits: Limits) throws -> String? {
        guard let text = lifecyclePolicy?.value, !text.isEmpty else { return lifecyclePolicy?.value }
        try limits.check(lifecyclePolicy: text)
        return text
    }

    private func checkedRole(in registry: Registry, _ context: OperationContext) async throws -> String? {
        guard let text = customRoleArn?.value, !text.isEmpty else { return customRoleArn?.value }
        guard let arn = ARN(text), arn.service == "iam", arn.resource.hasPrefix("role/"), arn.account == registry.id.account.description else {
            throw AWSError("ValidationException", "customRoleArn must be the ARN of a role of the account \(registry.id.account).")
        }
        guard try await context.principals.exists(text) else {
            throw AWSError("ValidationException", "The role \(text) that customRoleArn names does not exist.")
        }
        return text
    }
}

/// The model's RepositoryCreationTemplate.
struct TemplateShape: JSONObject {
    let template: CreationTemplate
    /// The repository policy with its principals by ARN.
    let repositoryPolicy: String?

    init(_ template: CreationTemplate, _ context: OperationContext) async throws {
        self.template = template
        repositoryPolicy = if let policy = template.repositoryPolicy { try await context.principals.show(policy) } else { nil }
    }

    func members(_ json: inout JSONWriter) {
        json.member("prefix", template.prefix.description)
        json.member("description", template.description)
        json.encryption(template.encryption.name, key: template.encryption.key)
        json.member("resourceTags", template.resourceTags.isEmpty ? nil : template.resourceTags)
        template.mutability.write(to: &json)
        json.member("repositoryPolicy", repositoryPolicy)
        json.member("lifecyclePolicy", template.lifecyclePolicy)
        json.member("appliedFor", template.appliedFor.map(\.rawValue))
        json.member("customRoleArn", template.customRole)
        json.member("createdAt", milliseconds: template.createdAt.milliseconds)
        json.member("updatedAt", milliseconds: template.updatedAt.milliseconds)
    }
}

/// The output of the operations on one template.
struct TemplateOutput: JSONObject {
    let registry: RegistryID
    let repositoryCreationTemplate: TemplateShape

    func members(_ json: inout JSONWriter) {
        json.member("registryId", registry.account)
        json.member("repositoryCreationTemplate", repositoryCreationTemplate)
    }
}
