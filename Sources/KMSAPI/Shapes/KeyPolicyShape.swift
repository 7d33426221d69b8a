import AWSCore
import IAM
import Identity
import KMS
import Stores

extension KMSCall {
    /// A key policy as it is to be stored: of IAM's language, all its principals there, and one that its setter could replace, unless that is
    /// bypassed. Throws `malformedPolicy`, `limitExceeded`.
    func policy(_ text: String, of found: FoundKey, bypassingSafetyCheck: Bool?) async throws -> String {
        let most = ring.limits.policyLength
        guard text.count <= most else { throw KeyFailure(.limitExceeded, "A key policy may have at most \(most) characters.") }
        do {
            let policy = try PolicyDocument(json: text, as: .container)
            let stored = try await principals.store(text, policy)
            let isSafe = try await access.couldChange(PolicyDocument(json: stored, as: .container), of: found, request)
            guard bypassingSafetyCheck == true || isSafe else {
                throw KeyFailure(.malformedPolicy, "The new key policy will not allow you to update the key policy in the future.")
            }
            return stored
        } catch let fault as MalformedPolicy {
            throw KeyFailure(.malformedPolicy, fault.description)
        } catch let fault as UnknownPrincipal {
            throw KeyFailure(.malformedPolicy, "Policy contains a statement with one or more invalid principals: \(fault.name)")
        }
    }
}
