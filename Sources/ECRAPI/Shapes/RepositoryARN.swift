import AWSCore
import OCI
import RegistryCore

/// The model's Arn where it names a resource that can have tags: a repository of `Service`.
struct RepositoryARN<Service: ECRService>: ConstrainedText, Hashable {
    static var constraint: String { "Invalid ARN" }

    let arn: ARN
    let registry: RegistryID
    let name: RepositoryName

    init?(_ text: String) {
        guard let arn = ARN(text), arn.service == Service.name, let registry = RegistryID(of: arn), let name = registry.repositoryName(from: arn)
        else { return nil }
        self.arn = arn
        self.registry = registry
        self.name = name
    }

    /// The repository's name in `registry`. An ARN of another region is none of this endpoint's.
    func name(in registry: Registry) throws -> RepositoryName {
        guard registry.id == self.registry else { throw ConstraintViolation(member: "resourceArn", reason: Self.constraint) }
        return name
    }
}
