import Crypto
import Stores

/// A policy of AWS's own, `arn:aws:iam::aws:policy/…`: the same in every account, unchangeable.
package struct AWSManagedPolicy: Sendable {
    /// `ANPA…`: Berth's own, the same in every installation.
    package let id: String
    package let name: String
    /// `/`, `/service-role/`, `/aws-service-role/`.
    package let path: String
    package let description: String
    /// JSON.
    package let document: String
    /// `v1` and up: the number of AWS's version that the document is.
    package let version: Int
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    package var arn: String { "arn:aws:iam::aws:policy\(path)\(name)" }

    /// True of what only the role of a service has.
    package var isOfService: Bool { path.hasPrefix("/aws-service-role/") }

    /// A policy of AWS, with the moments of AWS's own in seconds since 1970.
    init(_ name: String, path: String = "/", version: Int, created: Int64, updated: Int64, _ description: String, _ document: String) {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        let hash = SHA256.hash(data: Array("\(path)\(name)".utf8))
        id = "ANPA" + String(decoding: hash.prefix(17).map { alphabet[Int($0 & 31)] }, as: UTF8.self)
        self.name = name
        self.path = path
        self.description = description
        self.document = document
        self.version = version
        createdAt = Timestamp(milliseconds: created * 1000)
        updatedAt = Timestamp(milliseconds: updated * 1000)
    }
}

/// The policies of AWS's own that Berth knows.
package enum AWSManagedPolicies {
    /// By ARN.
    package static let all = (containerRegistry + containerService + serviceLinkedRole + jobFunction).sorted { $0.arn < $1.arn }

    private static let byARN = Dictionary(uniqueKeysWithValues: all.map { ($0.arn, $0) })

    /// The policy of this ARN; nil when there is none.
    package static func find(_ arn: String) -> AWSManagedPolicy? { byARN[arn] }
}
