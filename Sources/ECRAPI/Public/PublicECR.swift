import AWSCore
import IAM
import OCI
import RegistryCore

/// The API of public registries, one for each account.
enum PublicECR: ECRService {
    typealias RegistryReference = RegistryIDOrAlias
    typealias RepositoryName = PublicRepositoryName
    typealias Tags = Bounded.List<0, 200, PublicTag>
    typealias TagKeys = Bounded.List<0, 200, Bounded.Text<1, 128>>
    typealias RepositoryShape = PublicRepositoryShape

    static let name = "ecr-public"

    static func registry(of account: AccountID, in region: Region) throws -> RegistryID {
        guard region == .usEast1 else {
            throw AWSError("UnsupportedCommandException", "ECR Public is in the region \(Region.usEast1) alone, not in \(region).")
        }
        return RegistryID(publicOf: account)
    }

    static func shapes(of repositories: [Repository], in registry: Registry, _ context: OperationContext) async throws -> [PublicRepositoryShape] {
        let prefix = context.uri(of: try await registry.aliases())
        return repositories.map { PublicRepositoryShape(repository: $0, registryURI: prefix) }
    }
}

/// An operation that only ECR Public has, or has in a form of its own.
protocol PublicOperation: ECROperation where Service == PublicECR {}

extension OperationContext {
    /// Where images of a public registry with these aliases are: the host, and the primary alias, if there is one yet.
    func uri(of aliases: [AliasRecord]) -> String {
        guard let primary = aliases.first(where: \.isPrimary) else { return publicHost }
        return "\(publicHost)/\(primary.name)"
    }

    /// The URL of a logo.
    func url(ofLogo logo: Digest) -> String { "\(request.isSecure ? "https" : "http")://\(publicHost)/logos/\(logo.hex)" }
}
