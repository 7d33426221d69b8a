import AWSCore
import OCI

/// A registry: one account in one region. Registries of different regions or accounts share nothing that a caller can see.
package struct RegistryID: Hashable, Sendable {
    package let account: AccountID
    package let region: Region

    package init(account: AccountID, region: Region) {
        self.account = account
        self.region = region
    }

    /// `arn:aws:ecr:<region>:<account>:repository/<name>`
    package func arn(of repository: RepositoryName) -> ARN {
        ARN(service: "ecr", region: region.description, account: account.description, resource: "repository/\(repository)")
    }

    /// The repository that `arn` names; nil when it is not one of this registry's.
    package func repositoryName(from arn: ARN) -> RepositoryName? {
        guard arn.service == "ecr", arn.region == region.description, arn.account == account.description,
            arn.resource.hasPrefix("repository/")
        else { return nil }
        return RepositoryName(arn.resource.dropFirst("repository/".count))
    }

    /// The key domain of blobs under the service's own key: objects are shared inside it and never beyond.
    var defaultDomain: String { "\(account)/\(region)" }
}
