import AWSCore
import Foundation
import Stores

extension ReadTransaction {
    private var columns: SQL { "id, key_id, name, grantee, retiree, issuer, operations, subset, equals, source, created_at" }

    /// The grant of this id; nil when there is none.
    func grant(_ id: String) throws -> Grant? {
        try first("SELECT \(sql: columns) FROM kms_grants WHERE id = \(id)", Grant.init)
    }

    /// Up to `limit` grants on a key after `id`, those to `grantee` alone when one is given.
    func grants(on keyID: String, to grantee: String?, after id: String, limit: Int) throws -> [Grant] {
        let toGrantee: SQL = grantee.map { "AND grantee = \($0)" } ?? ""
        return try rows(
            "SELECT \(sql: columns) FROM kms_grants WHERE key_id = \(keyID) AND id > \(id) \(sql: toGrantee) ORDER BY id LIMIT \(limit)", Grant.init)
    }

    /// All grants on a key to any of `grantees`, the ones whose constraint asks for another scope than `scope` left out.
    func grants(on keyID: String, to grantees: [String], scope: String) throws -> [Grant] {
        try rows(
            """
            SELECT \(sql: columns) FROM kms_grants
            WHERE key_id = \(keyID) AND grantee IN \(list: grantees) AND scope IN \(list: [scope, ""]) ORDER BY id
            """, Grant.init)
    }

    /// Up to `limit` grants in a region after `id` that `retiree` may take back.
    func grants(retirableBy retiree: String, in region: Region, after id: String, limit: Int) throws -> [Grant] {
        try rows(
            """
            SELECT \(sql: columns) FROM kms_grants
            WHERE retiree = \(retiree) AND id > \(id)
                AND EXISTS (SELECT 1 FROM kms_keys k WHERE k.id = kms_grants.key_id AND k.region = \(region.description))
            ORDER BY id LIMIT \(limit)
            """, Grant.init)
    }

    /// The grant of this name on a key with all that `request` says; nil when there is none.
    func grant(like request: GrantRequest, on keyID: String) throws -> Grant? {
        guard let name = request.name else { return nil }
        return try rows(
            "SELECT \(sql: columns) FROM kms_grants WHERE key_id = \(keyID) AND grantee = \(request.grantee) AND name = \(name)", Grant.init
        )
        .first {
            GrantRequest(name: $0.name, grantee: $0.grantee, retiree: $0.retiree, operations: $0.operations, constraints: $0.constraints)
                == request
        }
    }

    func countGrants(on key: Key) throws -> Int {
        try first("SELECT COUNT(*) FROM kms_grants WHERE key_id = \(key.id)") { Int($0.integer(0)) } ?? 0
    }
}

extension WriteTransaction {
    func insert(_ grant: Grant) throws {
        try execute(
            """
            INSERT INTO kms_grants (id, key_id, name, grantee, retiree, issuer, operations, subset, equals, source, scope, created_at)
            VALUES (\(grant.id), \(grant.keyID), \(optional: grant.name), \(grant.grantee), \(optional: grant.retiree),
                \(grant.issuer.description), \(grant.operations.joined(separator: ",")), \(optional: try grant.constraints.subset.map(Self.text)),
                \(optional: try grant.constraints.equals.map(Self.text)), \(optional: grant.constraints.source), \(grant.constraints.scope),
                \(grant.createdAt))
            """)
    }

    private static func text(_ context: EncryptionContext) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(context), as: UTF8.self)
    }
}

extension Grant {
    fileprivate init(_ row: any Row) throws {
        guard let issuer = AccountID(row.text(5)) else { throw DatabaseError.other("kms_grants row \(row.text(0)) holds an invalid issuer") }
        self.init(
            id: row.text(0), keyID: row.text(1), name: row.optionalText(2), grantee: row.text(3), retiree: row.optionalText(4), issuer: issuer,
            operations: row.text(6).split(separator: ",").map(String.init),
            constraints: GrantConstraints(
                subset: try row.optionalText(7).map(Self.context), equals: try row.optionalText(8).map(Self.context), source: row.optionalText(9)),
            createdAt: row.timestamp(10))
    }

    private static func context(_ text: String) throws -> EncryptionContext {
        try JSONDecoder().decode(EncryptionContext.self, from: Data(text.utf8))
    }
}
