import AWSCore
import Stores

extension Account {
    /// Up to `limit` users, groups and roles that a policy is attached to, or bounds, by unique id. Throws `policyNotFound`.
    package func entities(
        ofPolicy arn: String, kinds: Set<Entity.Kind>, pathPrefix: String = "/", usage: PolicyUsage?, after cursor: String?, limit: Int
    ) async throws -> Page<Entity, String> {
        let id = id
        let found = try await database.read { transaction in
            _ = try transaction.policy(arn, for: id)
            var found: [Entity] = []
            var last = cursor ?? ""
            while found.count <= limit {
                let attached = usage == .boundary ? [] : try AttachmentRecords.entities(of: arn, in: id, after: last, limit: limit + 1, transaction)
                let bounded =
                    usage == .permissions ? [] : try AttachmentRecords.boundedEntities(by: arn, in: id, after: last, limit: limit + 1, transaction)
                let batch = Set(attached + bounded).sorted { $0.id < $1.id }.prefix(limit + 1)
                found += batch.filter { kinds.contains($0.kind) && $0.path.hasPrefix(pathPrefix) }
                guard let end = batch.last else { break }
                last = end.id
            }
            return found
        }
        return Page(found, limit: limit) { $0.id }
    }
}
