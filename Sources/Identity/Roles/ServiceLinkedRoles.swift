import Stores

/// A role that belongs to a service of AWS: the service says what it may do and who acts as it.
package struct ServiceLinkedRole: Sendable {
    /// The service, `replication.ecr.amazonaws.com`.
    package let service: String
    package let roleName: String
    package let policyARN: String
    package let description: String

    /// Those of the services that Berth has.
    package static let all = [
        ServiceLinkedRole("ecr.amazonaws.com", "AWSServiceRoleForECRTemplate", "ECRTemplateServiceRolePolicy", "creates repositories by template"),
        ServiceLinkedRole(
            "pullthroughcache.ecr.amazonaws.com", "AWSServiceRoleForECRPullThroughCache", "AWSECRPullThroughCache_ServiceRolePolicy",
            "keeps images of upstream registries"),
        ServiceLinkedRole(
            "replication.ecr.amazonaws.com", "AWSServiceRoleForECRReplication", "ECRReplicationServiceRolePolicy", "replicates images"),
    ]

    private init(_ service: String, _ roleName: String, _ policy: String, _ purpose: String) {
        self.service = service
        self.roleName = roleName
        policyARN = "arn:aws:iam::aws:policy/aws-service-role/\(policy)"
        description = "Amazon ECR \(purpose) as this role"
    }

    /// The path of the role.
    package var path: String { "/aws-service-role/\(service)/" }

    fileprivate var trustPolicy: String {
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"\#(service)"},"Action":"sts:AssumeRole"}]}"#
    }
}

extension Account {
    /// Makes the role of a service, with the policy that the service has for it. Throws `serviceWithoutRole`, `customSuffixRefused`,
    /// and `serviceRoleExists`.
    package func createServiceLinkedRole(for service: String, suffix: String? = nil, description: String? = nil) async throws -> Role {
        guard let template = ServiceLinkedRole.all.first(where: { $0.service == service }) else { throw IdentityError.serviceWithoutRole(service) }
        guard suffix == nil else { throw IdentityError.customSuffixRefused(service: service) }
        do {
            return try await createRole(
                template.roleName, path: template.path, trustPolicy: template.trustPolicy, description: description ?? template.description,
                maxSessionSeconds: Role.defaultSessionSeconds, boundary: nil, tags: [], service: service, policies: [template.policyARN])
        } catch IdentityError.entityExists {
            throw IdentityError.serviceRoleExists(name: template.roleName)
        }
    }

    /// Deletes the role of a service at once; the result is the id of the task by which AWS deletes one. Throws `entityNotFound`,
    /// also for a role that belongs to no service.
    package func deleteServiceLinkedRole(_ name: String) async throws -> String {
        let account = id
        let (role, service) = try await database.write { transaction in
            let role = try transaction.entity(.role, named: name, in: account)
            guard let service = try transaction.roleRecord(of: role).service else { throw IdentityError.entityNotFound(.role, name: name) }
            for policy in try AttachmentRecords.policies(of: [role.id], transaction) {
                _ = try AttachmentRecords.delete(policy, of: role.id, transaction)
            }
            try RoleRecords.delete(id: role.id, transaction)
            try TagRecords.deleteAll(of: role.id, transaction)
            try EntityRecords.delete(id: role.id, transaction)
            try AuthorizationChanges.advance(transaction)
            return (role, service)
        }
        let proof = try services.keys.seal(Array(role.id.utf8), for: Self.deletionPurpose(account: account.description))
        return "task/aws-service-role/\(service)/\(role.name)/\(Base64URL.encode(proof))"
    }

    /// Passes when the deletion that `task` names was made: what was asked for is done. Throws `invalidDeletionTask` and
    /// `deletionTaskNotFound`.
    package func requireDeletion(_ task: String) throws {
        let parts = task.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0] == "task" else { throw IdentityError.invalidDeletionTask(task) }
        guard let proof = Base64URL.decode(parts[4].utf8) else { throw IdentityError.deletionTaskNotFound(task) }
        do {
            _ = try services.keys.unseal(proof, for: Self.deletionPurpose(account: id.description))
        } catch is SealError {
            throw IdentityError.deletionTaskNotFound(task)
        }
    }

    private static func deletionPurpose(account: String) -> String { "deletion of a service's role in \(account)" }
}
