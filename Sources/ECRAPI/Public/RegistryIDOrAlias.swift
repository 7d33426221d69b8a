import AWSCore
import RegistryCore

/// The model's RegistryIdOrAlias: an account, or an active alias of its public registry.
struct RegistryIDOrAlias: RegistryReference {
    let text: String

    init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(Bounded.Text<2, 50>.self).value
    }

    func account(in services: RegistryServices) async throws -> AccountID {
        if let account = AccountID(text) { return account }
        guard let registry = try await services.publicRegistry(named: text) else { throw RegistryError.registryNotFound(text) }
        return registry.account
    }
}
