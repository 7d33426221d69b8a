/// An Amazon Resource Name: `arn:partition:service:region:account:resource`.
///
/// Source: AWS General Reference, "Amazon Resource Names".
package struct ARN: Hashable, Sendable, CustomStringConvertible {
    package let partition: String
    package let service: String
    /// Empty for global services.
    package let region: String
    /// Empty for resources of AWS itself.
    package let account: String
    /// All after the fifth colon, colons included.
    package let resource: String

    package init(partition: String = "aws", service: String, region: String, account: String, resource: String) {
        self.partition = partition
        self.service = service
        self.region = region
        self.account = account
        self.resource = resource
    }

    /// The name that `text` writes; nil when it has fewer than six parts or does not begin with `arn:`.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", !parts[1].isEmpty, !parts[2].isEmpty, !parts[5].isEmpty else { return nil }
        self.init(
            partition: String(parts[1]), service: String(parts[2]), region: String(parts[3]), account: String(parts[4]), resource: String(parts[5]))
    }

    package var description: String { "arn:\(partition):\(service):\(region):\(account):\(resource)" }
}

extension ARN {
    /// By what policies know the KMS key that `name` means in a place, be it there or not: a key's id, `alias/…`, or an ARN of either; nil for an ARN that
    /// is none.
    package init?(ofKey name: String, account: AccountID, region: Region) {
        if name.hasPrefix("arn:") {
            guard let arn = ARN(name) else { return nil }
            self.init(service: arn.service, region: arn.region, account: arn.account, resource: arn.resource)
        } else {
            self.init(
                service: "kms", region: region.description, account: account.description, resource: name.hasPrefix("alias/") ? name : "key/\(name)")
        }
    }
}
