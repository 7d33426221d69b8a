import AWSCore
import IAM
import Identity
import KMS
import Stores

/// An operation of the API. The struct is the request: its members bear the model's names, with a small first letter, its types hold the model's
/// constraints, and it runs itself, which begins with the question whether its caller may.
protocol KMSOperation: Decodable, Sendable {
    associatedtype Output: JSONObject

    /// Does it. Throws `KeyFailure`, `AccessDenied` or `ConstraintViolation` for what the caller is to know.
    func run(_ call: KMSCall) async throws -> Output
}

extension KMSOperation {
    /// The model's name of the operation: the type's.
    static var name: String { String(describing: Self.self) }
}

/// What an operation has besides its parameters.
struct KMSCall: Sendable {
    /// The keys of the caller's account in the region of the request.
    let ring: KeyRing
    let request: RequestContext
    let access: KeyAuthorizer
    let principals: PolicyPrincipals
    let markers: PageTokens
    /// The operation's name, which is that of its action.
    let action: String

    /// The key of this id or ARN, when the caller may do the operation's own action to it. Throws `AccessDenied`, `KeyFailure`.
    func key(_ name: KeyID, _ facts: [String: [String]] = [:], isCrossAccount: Bool = false) async throws -> FoundKey {
        let use = KeyUse(action, facts: facts)
        if !isCrossAccount, let asked = ARN(ofKey: name.value, account: ring.account, region: ring.region), asked.account != ring.account.description
        {
            throw KeyFailure(.accessDenied, "kms:\(action) is not supported for keys of other accounts.")
        }
        let found = try await found(name, for: use)
        try await access.require(use, of: found, request)
        return found
    }

    /// The key that `name` means, an alias among them, when the caller may use it so. Throws `AccessDenied`, `KeyFailure`.
    func key(_ name: KeyID, for use: KeyUse) async throws -> FoundKey {
        let found: FoundKey
        do {
            found = try await find(name.value, for: use) { try await ring.find(name.value) }
        } catch let failure as KeyFailure where failure.code == .notFound {
            // Who may ask for ECR's own key has it made.
            found = try await ring.findOrMake(name.value)
        } catch let failure as KeyFailure where failure.code == .invalidARN && use.context != nil {
            // The model of what uses a key's secret has no error for this.
            throw KeyFailure(.notFound, failure.message)
        }
        try await access.require(use, of: found, request)
        return found
    }

    /// Passes when the caller may do the operation's own action, which has no key. Throws `AccessDenied`.
    func require(_ resource: ARN? = nil) async throws { try await access.require(action, on: resource, request) }

    /// Throws `invalidGrantToken` unless all tokens are ours. The grants themselves hold at once, so that tokens have no other effect.
    func check(_ tokens: GrantTokens?) throws {
        for token in tokens?.values ?? [] { _ = try ring.grantNamed(by: token.value) }
    }

    /// Throws `dryRun` where all that is wanted is to know that the request would go well.
    func stopIfDry(_ dryRun: Bool?) throws {
        if dryRun == true { throw KeyFailure(.dryRun, "The request would have succeeded, but the DryRun option is set.") }
    }

    /// What `body` finds by `name`. Whether a key is there is told only to those whose policies let them ask for `use`.
    func find<Found>(_ name: String, for use: KeyUse, _ body: () async throws -> Found) async throws -> Found {
        do {
            return try await body()
        } catch let failure as KeyFailure where failure.code == .notFound {
            try await access.require(use, ofAbsent: ARN(ofKey: name, account: ring.account, region: ring.region), request)
            throw failure
        }
    }
}

/// The output of operations that tell nothing.
struct EmptyOutput: JSONObject {
    func members(_ json: inout JSONWriter) {}
}
