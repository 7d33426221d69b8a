import AWSCore
import Stores

/// The SQL of managed policies.
enum PolicyRecords {
    private static let columns: SQL = "id, arn, name, path, description, default_version, last_version, created_at, updated_at"

    /// The policy of this ARN; nil when there is none.
    static func find(_ arn: String, _ transaction: any ReadTransaction) throws -> ManagedPolicy? {
        try transaction.first("SELECT \(sql: columns) FROM policies WHERE arn = \(arn)", policy)
    }

    private static func policy(_ row: any Row) -> ManagedPolicy {
        ManagedPolicy(
            id: row.text(0), arn: row.text(1), name: row.text(2), path: row.text(3), description: row.optionalText(4),
            defaultVersion: Int(row.integer(5)), lastVersion: Int(row.integer(6)), createdAt: row.timestamp(7), updatedAt: row.timestamp(8))
    }
}
