import AWSCore
import Foundation
import Identity
import Stores

extension Installation {
    /// A line for each docker token that lives, the newest first.
    func tokenList(limit: Int) async throws -> String {
        let tokens = try await identity.dockerTokens.list(limit: limit)
        guard !tokens.isEmpty else { return "No docker token lives." }
        let lines = tokens.map { token in
            "\(token.id)  \(token.issuedAt.text)  \(token.expiresAt.text)  \(token.region)  \(token.accessKeyID)  \(token.principal)"
        }
        let head = "TOKEN                 ISSUED                EXPIRES               REGION  ACCESS KEY  PRINCIPAL"
        let tail = tokens.count == limit ? ["There may be more; --limit shows them."] : []
        return ([head] + lines + tail).joined(separator: "\n")
    }

    /// Takes back what was issued to somebody; tells what no longer works.
    func revoke(_ revocation: ControlCommand.Revocation) async throws -> String {
        let (subject, name) = try subject(of: revocation)
        guard try await identity.dockerTokens.revoke(subject) else { throw Refusal("There is no \(name) here.") }
        return "Revoked: what was issued to \(name) before now no longer works."
    }

    private func subject(of revocation: ControlCommand.Revocation) throws -> (RevocationSubject, String) {
        switch revocation {
        case .token(let id): return (.token(id), "token \(id)")
        case .accessKey(let id): return (.accessKey(id), "access key \(id)")
        case .principal(let text):
            guard let arn = ARN(text) else { throw Refusal("\(text) is not the ARN of a user, a role or a root.") }
            return (.principal(arn), text)
        }
    }

    /// Gives a registered issuer keys, or has them fetched again.
    func setIssuerKeys(_ provider: String, _ keySet: String?) async throws -> String {
        guard let arn = ARN(provider), let account = AccountID(arn.account) else { throw Refusal("\(provider) is not the ARN of a provider.") }
        if let keySet, KeySet(Array(keySet.utf8)).isEmpty { throw Refusal("The file is not a JSON Web Key Set with a key for signatures.") }
        guard try await identity.account(account).setIssuerKeys(of: arn, keySet) else { throw Refusal("There is no provider \(provider) here.") }
        return keySet == nil ? "The keys of \(provider) are fetched from it again." : "The keys of \(provider) are those of the file."
    }
}

extension Timestamp {
    fileprivate var text: String { Date(timeIntervalSince1970: seconds.rounded(.down)).formatted(.iso8601) }
}
