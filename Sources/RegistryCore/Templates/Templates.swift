import OCI
import Stores

extension Registry {
    /// Adds a template. Throws `templateExists`, `tooManyTemplates`, `tooManyResourceTags`.
    package func createTemplate(_ template: CreationTemplate) async throws -> CreationTemplate {
        let (id, limits) = (id, limits)
        return try await database.write { transaction in
            guard try transaction.template(template.prefix, in: id) == nil else { throw RegistryError.templateExists(template.prefix, registry: id) }
            let stored = template.stored(createdAt: transaction.now)
            guard stored.resourceTags.count <= limits.resourceTags else { throw RegistryError.tooManyResourceTags(limit: limits.resourceTags) }
            try transaction.put(stored, in: id)
            guard try transaction.templates(after: "", in: id, limit: limits.creationTemplates + 1).count <= limits.creationTemplates else {
                throw RegistryError.tooManyTemplates(limit: limits.creationTemplates)
            }
            return stored
        }
    }

    /// Changes a template by `change`, which may throw. Throws `templateNotFound`, `tooManyResourceTags`.
    package func updateTemplate(
        _ prefix: TemplatePrefix, _ change: @escaping @Sendable (inout CreationTemplate) throws -> Void
    ) async throws -> CreationTemplate {
        let (id, limits) = (id, limits)
        return try await database.write { transaction in
            guard var template = try transaction.template(prefix, in: id) else { throw RegistryError.templateNotFound(prefix, registry: id) }
            try change(&template)
            guard template.resourceTags.count <= limits.resourceTags else { throw RegistryError.tooManyResourceTags(limit: limits.resourceTags) }
            template.updatedAt = transaction.now
            try transaction.put(template, in: id)
            return template
        }
    }

    /// Removes a template; returns it. Repositories that were made with it stay as they are. Throws `templateNotFound`.
    package func deleteTemplate(_ prefix: TemplatePrefix) async throws -> CreationTemplate {
        let id = id
        return try await database.write { transaction in
            guard let template = try transaction.template(prefix, in: id) else { throw RegistryError.templateNotFound(prefix, registry: id) }
            try transaction.execute(
                """
                DELETE FROM creation_templates
                WHERE account = \(id.account.description) AND region = \(id.region.description) AND prefix = \(prefix.description)
                """)
            return template
        }
    }

    /// The templates of these prefixes, in their order, without those that are absent.
    package func templates(_ prefixes: [TemplatePrefix]) async throws -> [CreationTemplate] {
        let id = id
        return try await database.read { transaction in try prefixes.compactMap { try transaction.template($0, in: id) } }
    }

    /// Up to `limit` templates whose prefixes come after `prefix`, by prefix.
    package func templates(after prefix: TemplatePrefix?, limit: Int) async throws -> Page<CreationTemplate, TemplatePrefix> {
        let id = id
        let found = try await database.read { try $0.templates(after: prefix?.description ?? "", in: id, limit: limit + 1) }
        return Page(found, limit: limit) { $0.prefix }
    }
}

extension CreationTemplate {
    fileprivate func stored(createdAt moment: Timestamp) -> CreationTemplate {
        var template = CreationTemplate(prefix: prefix, appliedFor: appliedFor, createdAt: moment)
        template.description = description
        template.mutability = mutability
        template.encryption = encryption
        template.resourceTags = resourceTags
        template.repositoryPolicy = repositoryPolicy
        template.lifecyclePolicy = lifecyclePolicy
        template.customRole = customRole
        return template
    }
}
