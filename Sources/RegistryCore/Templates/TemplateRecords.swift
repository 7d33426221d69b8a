import OCI
import Stores

extension ReadTransaction {
    private var columns: SQL {
        """
        prefix, description, mutability, exclusions, resource_tags, repository_policy, lifecycle_policy, applied_for, custom_role, created_at, updated_at,
        encryption, kms_key
        """
    }

    /// The template of this prefix; nil when there is none.
    func template(_ prefix: TemplatePrefix, in registry: RegistryID) throws -> CreationTemplate? {
        try first(
            """
            SELECT \(sql: columns) FROM creation_templates
            WHERE account = \(registry.account.description) AND region = \(registry.region.description) AND prefix = \(prefix.description)
            """, CreationTemplate.init)
    }

    /// The template for what `scenario` makes under the name `name`: of those for it, the one of the longest prefix.
    func template(for name: RepositoryName, _ scenario: CreationTemplate.Scenario, in registry: RegistryID) throws -> CreationTemplate? {
        let prefixes = TemplatePrefix.covering(name)
        let found = try rows(
            """
            SELECT \(sql: columns) FROM creation_templates
            WHERE account = \(registry.account.description) AND region = \(registry.region.description) AND prefix IN \(list: prefixes)
            """, CreationTemplate.init)
        let applicable = Dictionary(found.filter { $0.appliedFor.contains(scenario) }.map { ($0.prefix.description, $0) }) { first, _ in first }
        return prefixes.lazy.compactMap { applicable[$0] }.first
    }

    /// Up to `limit` templates whose prefixes come after `prefix`, in byte order.
    func templates(after prefix: String, in registry: RegistryID, limit: Int) throws -> [CreationTemplate] {
        try rows(
            """
            SELECT \(sql: columns) FROM creation_templates
            WHERE account = \(registry.account.description) AND region = \(registry.region.description) AND prefix > \(prefix)
            ORDER BY prefix LIMIT \(limit)
            """, CreationTemplate.init)
    }
}

extension WriteTransaction {
    /// Stores a template in the place of that of its prefix, if there is one.
    func put(_ template: CreationTemplate, in registry: RegistryID) throws {
        try execute(
            """
            INSERT INTO creation_templates (account, region, prefix, description, mutability, exclusions, resource_tags, repository_policy,
                lifecycle_policy, applied_for, custom_role, created_at, updated_at, encryption, kms_key)
            VALUES (\(registry.account.description), \(registry.region.description), \(template.prefix.description), \(optional: template.description),
                \(template.mutability.mode.rawValue), \(template.mutability.exclusions.joined(separator: "\n")),
                \(template.resourceTags.map { "\($0.key)\t\($0.value)" }.joined(separator: "\n")), \(optional: template.repositoryPolicy),
                \(optional: template.lifecyclePolicy), \(template.appliedFor.map(\.rawValue).joined(separator: ",")),
                \(optional: template.customRole), \(template.createdAt), \(template.updatedAt),
                \(template.encryption.name), \(optional: template.encryption.key))
            ON CONFLICT (account, region, prefix) DO UPDATE SET description = excluded.description, mutability = excluded.mutability,
                exclusions = excluded.exclusions, resource_tags = excluded.resource_tags, repository_policy = excluded.repository_policy,
                lifecycle_policy = excluded.lifecycle_policy, applied_for = excluded.applied_for, custom_role = excluded.custom_role,
                updated_at = excluded.updated_at, encryption = excluded.encryption, kms_key = excluded.kms_key
            """)
    }
}

extension CreationTemplate {
    fileprivate init(_ row: any Row) throws {
        guard let prefix = TemplatePrefix(row.text(0)), let mode = TagMutability.Mode(rawValue: row.text(2)) else {
            throw DatabaseError.other("creation_templates row \(row.text(0)) holds an invalid prefix or mutability")
        }
        self.init(
            prefix: prefix, appliedFor: row.text(7).split(separator: ",").compactMap { Scenario(rawValue: String($0)) }, createdAt: row.timestamp(9))
        description = row.optionalText(1)
        mutability = TagMutability(mode: mode, exclusions: row.text(3).split(separator: "\n").map(String.init))
        resourceTags = row.text(4).split(separator: "\n").map { line in
            let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
            return ResourceTag(key: String(parts[0]), value: parts.count == 2 ? String(parts[1]) : "")
        }
        repositoryPolicy = row.optionalText(5)
        lifecyclePolicy = row.optionalText(6)
        customRole = row.optionalText(8)
        if row.text(11) != EncryptionRequest.aes256.name {
            encryption = .kms(key: row.optionalText(12), isDualLayer: row.text(11) == "KMS_DSSE")
        }
        updatedAt = row.timestamp(10)
    }
}
