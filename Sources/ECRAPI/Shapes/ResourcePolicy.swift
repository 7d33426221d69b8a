import AWSCore
import IAM
import Identity

/// A policy that a caller wants to set on a repository or a registry, found good.
struct ResourcePolicy {
    let document: PolicyDocument
    /// With its principals by unique id, so that a later one of the same name has no rights by it.
    let stored: String
    /// With its principals by ARN, as answers have it.
    let shown: String
}

extension OperationContext {
    /// Checks a policy: its language, that its actions are those of `service`, and that all its principals are there. Throws `ConstraintViolation` with
    /// ECR's one sentence for whatever is wrong.
    func resourcePolicy(_ text: String, as kind: PolicyKind, of service: String) async throws -> ResourcePolicy {
        do {
            let policy = try PolicyDocument(json: text, as: kind)
            guard policy.statements.allSatisfy({ $0.speaks(of: service) }) else { throw ConstraintViolation.invalidPolicy(kind) }
            let stored = try await principals.store(text, policy)
            return ResourcePolicy(document: try PolicyDocument(json: stored, as: kind), stored: stored, shown: try await principals.show(stored))
        } catch is MalformedPolicy, is UnknownPrincipal {
            throw ConstraintViolation.invalidPolicy(kind)
        }
    }
}

extension ConstraintViolation {
    fileprivate static func invalidPolicy(_ kind: PolicyKind) -> ConstraintViolation {
        ConstraintViolation(member: "PolicyText", reason: "Invalid \(kind == .container ? "registry" : "repository") policy provided")
    }
}

extension Statement {
    /// True when every action it names is of `service`, or `*`.
    fileprivate func speaks(of service: String) -> Bool {
        actions.patterns.allSatisfy { $0.text == "*" || $0.text.lowercased().hasPrefix("\(service):") }
    }
}
