import AWSCore
import Foundation
import Stores

/// Who has which credentials, as a table in CSV.
package struct CredentialReport: Sendable {
    package let content: String
    package let generatedAt: Timestamp

    /// How long a report is given out before a new one is made.
    package static let lifetime = Duration.seconds(4 * 3600)
}

extension Account {
    /// Makes the report, unless there is one that is young enough; true when it was made now.
    package func generateCredentialReport() async throws -> Bool {
        let (id, uses) = (id, services.accessKeyUses)
        return try await database.write { transaction in
            if let report = try CredentialReportRecords.find(of: id, transaction), transaction.now < report.generatedAt + CredentialReport.lifetime {
                return false
            }
            let rows = try transaction.credentialRows(of: id, uses)
            let content = ([CredentialRow.heading] + rows.map(\.line)).joined(separator: "\n")
            try CredentialReportRecords.put(CredentialReport(content: content, generatedAt: transaction.now), of: id, transaction)
            return true
        }
    }

    /// The report that was made last. Throws `credentialReportNotPresent`, `credentialReportExpired`.
    package func credentialReport() async throws -> CredentialReport {
        let id = id
        return try await database.read { transaction in
            guard let report = try CredentialReportRecords.find(of: id, transaction) else { throw IdentityError.credentialReportNotPresent }
            guard transaction.now < report.generatedAt + CredentialReport.lifetime else { throw IdentityError.credentialReportExpired }
            return report
        }
    }
}

/// A line of the report. Passwords, MFA and certificates do not exist here, and the report says so in AWS's words.
private struct CredentialRow {
    let name: String
    let arn: String
    let createdAt: Timestamp?
    /// At most two.
    let keys: [(key: AccessKeyStatus, use: AccessKeyUse?)]

    static let heading = """
        user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,\
        access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,\
        access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,\
        cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated
        """

    var line: String {
        let user = [name, arn, createdAt.map(Self.time) ?? "N/A", "false", "N/A", "N/A", "N/A", "false"]
        let keyFields = (0..<2).flatMap { index -> [String] in
            guard index < keys.count else { return ["false", "N/A", "N/A", "N/A", "N/A"] }
            let (key, use) = keys[index]
            return [
                String(key.isActive), Self.time(key.createdAt), use.map { Self.time($0.usedAt) } ?? "N/A", use?.region ?? "N/A",
                use?.service ?? "N/A",
            ]
        }
        return (user + keyFields + ["false", "N/A", "false", "N/A"]).map(Self.quoted).joined(separator: ",")
    }

    private static func time(_ moment: Timestamp) -> String {
        Date(timeIntervalSince1970: Double(moment.milliseconds / 1000)).formatted(.iso8601).replacing("Z", with: "+00:00")
    }

    /// Names may have commas.
    private static func quoted(_ field: String) -> String { field.contains(",") ? "\"\(field)\"" : field }
}

extension ReadTransaction {
    fileprivate func credentialRows(of account: AccountID, _ uses: AccessKeyUses) throws -> [CredentialRow] {
        func keys(of principal: String) throws -> [(AccessKeyStatus, AccessKeyUse?)] {
            try AccessKeyRecords.list(account: account, principal: principal, self).map { ($0, try uses.last(of: $0.id, self)) }
        }
        let root = CredentialRow(
            name: "<root_account>", arn: "arn:aws:iam::\(account):root", createdAt: try AccountRecords.createdAt(account, self),
            keys: try keys(of: account.description))
        let users = try EntityRecords.list(.user, in: account, pathPrefix: "/", after: "", limit: Int(Int32.max), self)
        return [root]
            + (try users.map { CredentialRow(name: $0.name, arn: $0.arn.description, createdAt: $0.createdAt, keys: try keys(of: $0.id)) })
    }
}

/// The SQL of credential reports.
private enum CredentialReportRecords {
    static func find(of account: AccountID, _ transaction: any ReadTransaction) throws -> CredentialReport? {
        try transaction.first("SELECT content, generated_at FROM credential_reports WHERE account = \(account.description)") { row in
            CredentialReport(content: row.text(0), generatedAt: row.timestamp(1))
        }
    }

    static func put(_ report: CredentialReport, of account: AccountID, _ transaction: any WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO credential_reports (account, generated_at, content)
            VALUES (\(account.description), \(report.generatedAt), \(report.content))
            ON CONFLICT (account) DO UPDATE SET generated_at = excluded.generated_at, content = excluded.content
            """)
    }
}
