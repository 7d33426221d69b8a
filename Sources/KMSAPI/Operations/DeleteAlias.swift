import AWSCore
import KMS

/// Removes an alias, which is allowed on the alias and on its key.
struct DeleteAlias: KMSOperation {
    let aliasName: AliasName

    func run(_ call: KMSCall) async throws -> EmptyOutput {
        try aliasName.requireOfCustomers()
        try await call.require(call.ring.arn(aliasName.value))
        let found = try await call.ring.find(aliasName.value)
        try await call.access.require(KeyUse(call.action), of: found, call.request)
        try await call.ring.deleteAlias(aliasName.value)
        return EmptyOutput()
    }
}
