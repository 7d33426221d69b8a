import AWSCore
import Stores

/// A key with all that an authorization rests on.
package struct FoundKey: Sendable {
    package let key: Key
    package let tags: [KeyTag]
    /// The names of its aliases, with `alias/`.
    package let aliases: [String]
    /// The alias that the request named it by; nil: by its id.
    package let requestAlias: String?

    /// What the request named.
    var name: ARN {
        ARN(service: "kms", region: key.region.description, account: key.account.description, resource: requestAlias ?? key.arn.resource)
    }
}

extension FoundKey {
    /// As a key would be that is not made yet, for decisions about its policy.
    package init(futureIn ring: KeyRing, tags: [KeyTag]) {
        key = Key(
            id: "", account: ring.account, region: ring.region, owner: .customer, state: .creating, description: "", policy: ring.defaultPolicy,
            createdAt: Timestamp(milliseconds: 0), waitingDays: nil, deletionAt: nil, rotationDays: nil, nextRotationAt: nil, material: "")
        self.tags = tags
        aliases = []
        requestAlias = nil
    }
}

extension KeyRing {
    /// The key that `name` means, an alias among them. Throws `notFound`, `invalidARN`.
    package func find(_ name: String) async throws -> FoundKey {
        try await find(KeyName(name, in: self))
    }

    /// As `find`, and ECR's own key is made where it is asked for and not there yet.
    package func findOrMake(_ name: String) async throws -> FoundKey {
        let name = try KeyName(name, in: self)
        try await makeManagedKey(for: name)
        return try await find(name)
    }

    /// The key that `name` means, which must be an id or an ARN. Throws `notFound`, `invalidARN`.
    package func find(keyID name: String) async throws -> FoundKey {
        let name = try KeyName(name, in: self)
        try name.requireKey()
        return try await find(name)
    }

    /// The key that a ciphertext names by itself. Throws `notFound`.
    func find(_ name: KeyName) async throws -> FoundKey {
        try await database.read { transaction in
            let key = try transaction.key(name)
            var alias: String?
            if case .alias(let text, _, _) = name { alias = text }
            return FoundKey(
                key: key, tags: try transaction.tags(of: key), aliases: try transaction.aliases(of: key).map(\.name), requestAlias: alias)
        }
    }

    /// The key of this ARN; nil when it is not held here.
    func findHeldHere(_ arn: String) async throws -> FoundKey? {
        do {
            return try await find(arn)
        } catch let failure as KeyFailure where failure.code == .notFound {
            return nil
        }
    }

    /// The key of this id in whatever account. Throws `notFound`.
    package func find(anywhere id: String) async throws -> FoundKey {
        guard let key = try await database.read({ try $0.key(id: id) }), key.region == region else {
            throw KeyFailure(.notFound, "Key '\(id)' does not exist")
        }
        return try await find(.key(id: key.id, account: key.account, region: key.region))
    }

    /// The ARNs of keys, in whatever account, by their ids.
    package func arns(ofKeys ids: Set<String>) async throws -> [String: String] {
        try await database.read { transaction in
            try ids.reduce(into: [:]) { arns, id in arns[id] = try transaction.key(id: id)?.arn.description }
        }
    }

    /// Ids of keys after `cursor`, in order.
    package func keyIDs(after cursor: String?, limit: Int) async throws -> Page<String, String> {
        let ring = self
        return Page(try await database.read { try $0.keyIDs(of: ring, after: cursor ?? "", limit: limit + 1) }, limit: limit) { $0 }
    }
}
