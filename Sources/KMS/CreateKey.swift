import Foundation
import OCI
import Stores

extension KeyRing {
    /// Makes a key with the first version of its material. `policy` is a checked one, as it is to be stored. Throws `limitExceeded`.
    package func createKey(description: String, policy: String, tags: [KeyTag]) async throws -> Key {
        let (ring, limits) = (self, limits)
        let material = try KeyMaterial(.first, services)
        return try await database.write { transaction in
            guard try transaction.countKeys(of: ring) < limits.keys else {
                throw KeyFailure(.limitExceeded, "The account has \(limits.keys) KMS keys in the region, as many as it may.")
            }
            let key = try transaction.create(.customer, material, description: description, policy: policy, in: ring)
            try transaction.put(tags, on: key)
            return key
        }
    }

    /// The policy that a key has when its maker gives none: the account decides by its IAM policies.
    package var defaultPolicy: String {
        """
        {
          "Version" : "2012-10-17",
          "Id" : "key-default-1",
          "Statement" : [ {
            "Sid" : "Enable IAM User Permissions",
            "Effect" : "Allow",
            "Principal" : {
              "AWS" : "arn:aws:iam::\(account):root"
            },
            "Action" : "kms:*",
            "Resource" : "*"
          } ]
        }
        """
    }

    /// A random UUID, version 4.
    func newKeyID() -> String {
        var bytes = ids.randomBytes(16)
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let hex = bytes.lowercaseHex
        let ends = [0, 8, 12, 16, 20, 32]
        return zip(ends, ends.dropFirst()).map { String(hex.dropFirst($0).prefix($1 - $0)) }.joined(separator: "-")
    }
}

extension WriteTransaction {
    func create(_ owner: Key.Owner, _ material: KeyMaterial, description: String, policy: String, in ring: KeyRing) throws -> Key {
        let days = owner == .aws ? 365 : nil
        let key = Key(
            id: ring.newKeyID(), account: ring.account, region: ring.region, owner: owner, state: .enabled, description: description, policy: policy,
            createdAt: now, waitingDays: nil, deletionAt: nil, rotationDays: days, nextRotationAt: days.map { now + .seconds($0 * 86_400) },
            material: material.id)
        try insert(key)
        try insert(material, of: key)
        return key
    }
}
