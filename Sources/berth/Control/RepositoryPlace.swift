import AWSCore
import OCI
import RegistryCore

/// A repository of an account, in a region or in the public registry.
struct RepositoryPlace: Codable, Hashable, Sendable {
    let account: String
    /// Of a public repository us-east-1.
    let region: String
    let name: String
    let isPublic: Bool

    init(account: String, region: String, name: String, isPublic: Bool = false) {
        self.account = account
        self.region = isPublic ? Region.usEast1.description : region
        self.name = name
        self.isPublic = isPublic
    }

    /// What was written when public repositories were not exported says nothing of them.
    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        account = try values.decode(String.self, forKey: .account)
        region = try values.decode(String.self, forKey: .region)
        name = try values.decode(String.self, forKey: .name)
        isPublic = try values.decodeIfPresent(Bool.self, forKey: .isPublic) ?? false
    }

    /// The registry. Throws `Refusal` for what can be none.
    func registry() throws -> RegistryID {
        guard let account = AccountID(account), let region = Region(region) else { throw Refusal("There is no registry \(account)/\(region).") }
        return isPublic ? RegistryID(publicOf: account) : RegistryID(account: account, region: region)
    }

    /// The registry and the name. Throws `Refusal` for what can be none.
    func resolved() throws -> (RegistryID, RepositoryName) {
        guard let name = RepositoryName(name) else { throw Refusal("\(name) is no name of a repository.") }
        return (try registry(), name)
    }

    /// For messages.
    var registryText: String { "\(account)/\(isPublic ? "public" : region)" }
    var text: String { "\(registryText)/\(name)" }
}
