import AWSCore
import Stores

/// What an operation is about, as policies see it.
package struct Target: Sendable {
    package let arn: ARN
    package let boundary: String?
    package let tags: [IAMTag]

    package init(arn: ARN, boundary: String? = nil, tags: [IAMTag] = []) {
        self.arn = arn
        self.boundary = boundary
        self.tags = tags
    }
}

extension Account {
    /// The user, group or role of this name; of one that is not there, the ARN that it would have at the root path.
    package func target(_ kind: Entity.Kind, named name: String) async throws -> Target {
        let id = id
        return try await database.read { transaction in
            guard let found = try EntityRecords.find(kind, named: name, in: id, transaction) else {
                return Target(arn: Self.arn(of: kind, path: "/", name: name, in: id))
            }
            return Target(arn: found.arn, boundary: found.boundary, tags: try TagRecords.list(of: found.id, transaction))
        }
    }

    /// The managed policy of this ARN; nil when the text is no ARN of a policy.
    package func target(policy text: String) async throws -> Target? {
        guard let arn = ARN(policy: text) else { return nil }
        return try await database.read { transaction in
            guard let policy = try PolicyRecords.find(text, transaction) else { return Target(arn: arn) }
            return Target(arn: arn, tags: try TagRecords.list(of: policy.id, transaction))
        }
    }
}
