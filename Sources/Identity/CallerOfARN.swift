import AWSCore
import IAM
import Stores

extension Principals {
    /// Who would call with a long-lived key of the user with this ARN, or with a session of the role; nil when there is none.
    package static func caller(_ arn: ARN, region: Region, _ transaction: any ReadTransaction) throws -> Caller? {
        let parts = arn.resource.split(separator: "/").map(String.init)
        let isSession = arn.service == "sts" && parts.first == "assumed-role" && parts.count == 3
        guard let account = AccountID(arn.account) else { return nil }
        let found =
            isSession
            ? try EntityRecords.find(.role, named: parts[1], in: account, transaction)
            : try uniqueID(ofARN: arn.description, transaction).flatMap { try EntityRecords.find(id: $0, transaction) }
        guard let entity = found else { return nil }
        let tags = Dictionary(try TagRecords.list(of: entity.id, transaction).map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        if entity.kind == .user {
            return Caller(
                kind: .user(name: entity.name), account: account, arn: entity.arn.description, userID: entity.id, accessKeyID: nil, region: region,
                tags: tags)
        }
        let session = isSession ? parts[2] : "session"
        let now = transaction.now.milliseconds
        return Caller(
            kind: .role(arn: entity.arn.description), account: account, arn: "arn:aws:sts::\(account):assumed-role/\(entity.name)/\(session)",
            userID: "\(entity.id):\(session)", accessKeyID: nil, region: region,
            session: SessionFacts(origin: .assumeRole, issuedAt: now, expiresAt: now + 3_600_000), tags: tags)
    }
}
