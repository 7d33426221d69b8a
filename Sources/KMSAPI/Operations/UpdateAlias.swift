import AWSCore
import KMS

/// Has an alias name another key, which is allowed on the alias, on its old key and on its new one.
struct UpdateAlias: KMSOperation {
    let aliasName: AliasName
    let targetKeyId: KeyID

    func run(_ call: KMSCall) async throws -> EmptyOutput {
        try aliasName.requireOfCustomers()
        try await call.require(call.ring.arn(aliasName.value))
        let old = try await call.ring.find(aliasName.value)
        try await call.access.require(KeyUse(call.action), of: old, call.request)
        let new = try await call.key(targetKeyId).key
        try await call.ring.updateAlias(aliasName.value, to: new)
        return EmptyOutput()
    }
}
