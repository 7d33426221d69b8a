import AWSCore
import IAM
import OCI
import RegistryCore
import Stores

/// The image that a permission to pull or to delete is about, as the request names it. (What is pushed has the names that the
/// request gives it, and no others.)
struct ImageSubject {
    private let registry: RegistryID
    private let repository: RepositoryName
    private let identifier: ImageIdentifier
    /// A pull by digest is one by any of the image's tags; a deletion by digest takes all of them away.
    let isOneNameEnough: Bool

    /// Nil for permissions that are about no image.
    init?(_ permission: Permission) {
        guard ["ecr:BatchGetImage", "ecr:BatchDeleteImage"].contains(permission.action), let arn = permission.resource,
            let account = AccountID(arn.account), let region = Region(arn.region),
            let repository = RegistryID(account: account, region: region).repositoryName(from: arn)
        else { return nil }
        isOneNameEnough = permission.action == "ecr:BatchGetImage"
        registry = RegistryID(account: account, region: region)
        self.repository = repository
        identifier = ImageIdentifier(
            digest: permission.facts[ConditionKey.imageDigest]?.first.flatMap { Digest($0) },
            tag: permission.facts[ConditionKey.imageTag]?.first.flatMap { ImageTag($0) })
    }

    /// What the image is called now besides what the request says, as condition keys: by tag its digest, by digest each of its tags.
    func names(_ transaction: any ReadTransaction) throws -> [[String: [String]]] {
        if let digest = identifier.digest {
            let tags = try transaction.tags(on: digest, in: repository, registry)
            return tags.isEmpty ? [[:]] : tags.map { [ConditionKey.imageTag.lowercased(): [$0.description]] }
        }
        guard let tag = identifier.tag, let digest = try transaction.digest(behind: tag, in: repository, registry) else { return [[:]] }
        return [[ConditionKey.imageDigest.lowercased(): [digest.description]]]
    }
}
