import AWSCore
import RegistryCore

extension Installation {
    func requestAlias(_ text: String, of account: AccountID) async throws -> String {
        let alias = try alias(text)
        guard try await accounts.exists(account) else { throw Refusal("There is no account \(account) here.") }
        guard try await services.registry(RegistryID(publicOf: account)).requestAlias(alias) else {
            throw Refusal("The alias \(alias) is taken, or was refused before.")
        }
        return "The alias \(alias) is asked for. `berth alias grant \(alias)` makes it work."
    }

    func settleAlias(_ text: String, isGranted: Bool) async throws -> String {
        let alias = try alias(text)
        guard try await services.settleAlias(alias, isGranted: isGranted) else { throw Refusal("Nobody asks for the alias \(alias).") }
        return isGranted ? "The alias \(alias) works, and answers show it." : "The alias \(alias) is refused."
    }

    func aliasList() async throws -> String {
        try await services.aliases(limit: 1000).map { alias in
            "\(alias.name)  \(alias.account)  \(alias.status.rawValue)\(alias.isPrimary ? "  primary" : "")\(alias.isDefault ? "  default" : "")"
        }.joined(separator: "\n")
    }

    private func alias(_ text: String) throws -> RegistryAlias {
        guard let alias = RegistryAlias(text) else {
            throw Refusal("\(text) is no alias: that is 2 to 50 of a-z and 0-9, a letter first, with single dots, dashes and underscores inside.")
        }
        return alias
    }
}
