import AWSCore
import OCI
import RegistryCore

/// The model's Arn where it names a resource that can have tags: a repository.
struct RepositoryARN: ConstrainedText, Hashable {
    static let constraint = "Invalid ARN"

    let arn: ARN
    let account: AccountID
    let region: Region
    let name: RepositoryName

    init?(_ text: String) {
        guard let arn = ARN(text), let account = AccountID(arn.account), let region = Region(arn.region),
            let name = RegistryID(account: account, region: region).repositoryName(from: arn)
        else { return nil }
        self.arn = arn
        self.account = account
        self.region = region
        self.name = name
    }

    /// The repository's name in `registry`. An ARN of another region is none of this endpoint's.
    func name(in registry: Registry) throws -> RepositoryName {
        guard region == registry.id.region else { throw ConstraintViolation(member: "resourceArn", reason: Self.constraint) }
        return name
    }
}
