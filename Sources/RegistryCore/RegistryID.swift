import AWSCore
import OCI

/// A registry: the private one of an account in a region, or the public one of an account. They share nothing that a caller can see.
package struct RegistryID: Hashable, Sendable {
    package let account: AccountID
    /// Of a public registry us-east-1, the only region in which there are any.
    package let region: Region
    /// True of the account's public registry: everybody may pull from it.
    package let isPublic: Bool

    /// The private registry of `account` in `region`.
    package init(account: AccountID, region: Region) {
        self.account = account
        self.region = region
        isPublic = false
    }

    /// The public registry of `account`.
    package init(publicOf account: AccountID) {
        self.account = account
        region = .usEast1
        isPublic = true
    }

    /// The registry of the resource that `arn` names; nil when it is none of a registry's.
    package init?(of arn: ARN) {
        guard let account = AccountID(arn.account) else { return nil }
        switch (arn.service, Region(arn.region)) {
        case ("ecr", let region?): self.init(account: account, region: region)
        case ("ecr-public", nil) where arn.region.isEmpty: self.init(publicOf: account)
        default: return nil
        }
    }

    /// The service whose resource it is, as ARNs and actions have it.
    package var service: String { isPublic ? "ecr-public" : "ecr" }

    /// The region as the tables have it: for a public registry, which is in none, what no region is called.
    package var place: String { isPublic ? "*" : region.description }

    /// `arn:aws:ecr:<region>:<account>:repository/<name>`, `arn:aws:ecr-public::<account>:repository/<name>`
    package func arn(of repository: RepositoryName) -> ARN { arn(of: "repository/\(repository)") }

    /// The ARN of something in this registry.
    package func arn(of resource: String) -> ARN {
        ARN(service: service, region: isPublic ? "" : region.description, account: account.description, resource: resource)
    }

    /// The key domain of repositories with this encryption: objects are shared inside it and never beyond.
    func domain(of encryption: RepositoryEncryption) -> String {
        switch encryption {
        case .aes256: "\(account)/\(place)"
        case .kms(let key): "\(account)/\(place)/\(key)"
        case .kmsDualLayer(let key): "\(account)/\(place)/\(key)/dsse"
        }
    }

    /// The repository that `arn` names; nil when it is not one of this registry's.
    package func repositoryName(from arn: ARN) -> RepositoryName? {
        guard arn.service == service, arn.region == (isPublic ? "" : region.description), arn.account == account.description,
            arn.resource.hasPrefix("repository/")
        else { return nil }
        return RepositoryName(arn.resource.dropFirst("repository/".count))
    }
}
