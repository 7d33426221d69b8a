import AWSCore
import Foundation
import Identity
import RegistryCore

extension Installation {
    /// Performs a command, sent by socket or given with no server running; returns what to print.
    func perform(_ command: ControlCommand) async throws -> String {
        switch command {
        case .resetRootKey(let account): return try await resetRootKey(of: account)
        case .explain(let question): return try await explain(question)
        case .gcStatus:
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(decoding: try encoder.encode(try await services.reclaimStatus()), as: UTF8.self)
        case .createAccount(let id): return try await createAccount(id)
        case .listAccounts: return try await accountList()
        case .listTokens(let limit): return try await tokenList(limit: limit)
        case .revoke(let revocation): return try await revoke(revocation)
        case .lifecycle(let request): return try await perform(request)
        case .keys(let request): return try await perform(request)
        case .backup(let request): return try await perform(request)
        case .export(let request): return try await perform(request)
        case .bring(let request): return try await perform(request)
        case .requestAlias(let name, let account): return try await requestAlias(name, of: try account.map(accountID) ?? self.account)
        case .settleAlias(let name, let isGranted): return try await settleAlias(name, isGranted: isGranted)
        case .listAliases: return try await aliasList()
        case .setIssuerKeys(let provider, let keySet): return try await setIssuerKeys(provider, keySet)
        }
    }

    private func resetRootKey(of text: String?) async throws -> String {
        let account = try text.map(accountID) ?? account
        guard try await accounts.exists(account) else { throw Refusal("There is no account \(account) here.") }
        let file = try await makeRootKey(of: account)
        return "The new root access key is in \(file); the old one and its docker logins no longer work."
    }

    private func createAccount(_ text: String?) async throws -> String {
        let new = try text.map(accountID) ?? accounts.unusedID(identity.ids)
        guard try await accounts.create(new) else { throw Refusal("There is an account \(new) already.") }
        let file = try await makeRootKey(of: new)
        return "Account \(new) is made. Its root access key is in \(file), which works as AWS_SHARED_CREDENTIALS_FILE."
    }

    private func accountList() async throws -> String {
        try await accounts.all().map { $0 == account ? "\($0)  default" : "\($0)" }.joined(separator: "\n")
    }

    private func accountID(_ text: String) throws -> AccountID {
        guard let id = AccountID(text) else { throw Refusal("\(text) is no account: that is twelve digits.") }
        return id
    }
}
