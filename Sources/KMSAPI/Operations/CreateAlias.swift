import AWSCore
import KMS
import Stores

/// Gives a key another name, which is allowed on the alias and on the key.
struct CreateAlias: KMSOperation {
    let aliasName: AliasName
    let targetKeyId: KeyID

    func run(_ call: KMSCall) async throws -> EmptyOutput {
        try aliasName.requireOfCustomers()
        try await call.require(call.ring.arn(aliasName.value))
        let key = try await call.key(targetKeyId).key
        try await call.ring.createAlias(aliasName.value, of: key)
        return EmptyOutput()
    }
}

extension AliasName {
    /// Passes for the names that customers may give. Throws `ConstraintViolation`, `invalidAliasName`.
    func requireOfCustomers() throws {
        guard value.hasPrefix("alias/"), value.count > "alias/".count, !value.contains(":") else {
            throw ConstraintViolation(member: "aliasName", reason: "Alias must start with the prefix \"alias/\" and have no colon")
        }
        guard !value.hasPrefix("alias/aws/") else {
            throw KeyFailure(.invalidAliasName, "Aliases that begin with \"alias/aws/\" are reserved for the keys of AWS's services.")
        }
    }
}
