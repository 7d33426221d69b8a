import AWSCore
import IAM
import Identity

/// May this principal do this?
struct AccessQuestion: Codable, Equatable, Sendable {
    /// The ARN of a user, a role, a role's session or an account's root; `anonymous` for whoever has no credentials.
    let principal: String
    /// `service:Name`
    let action: String
    /// An ARN; nil for actions without a resource.
    let resource: String?
    /// What the request is assumed to say, by condition key.
    let context: [String: [String]]
}

extension Installation {
    /// The decision on a request that nobody made, and the statement that decides.
    func explain(_ question: AccessQuestion) async throws -> String {
        let resource = try question.resource.map { text in
            guard let arn = ARN(text) else { throw Refusal("\(text) is no ARN.") }
            return arn
        }
        guard question.action.contains(":") else { throw Refusal("An action has the form service:Name, such as ecr:PutImage.") }
        guard let region = Region(resource?.region ?? "") ?? Region("us-east-1") else { throw Refusal("\(question.resource ?? "") has no region.") }
        let caller = try await caller(question.principal, region)
        let permission = Permission(question.action, on: resource)
        let request = RequestContext(
            caller: caller, region: region, requestID: "explain", sourceIP: "", isSecure: true, userAgent: nil, origin: "https://localhost")
        let assumed = Dictionary(question.context.map { ($0.lowercased(), $1) }, uniquingKeysWith: +)
        let decision = try await authorizer.decide(permission, request) { found in
            found.names = found.names.map { $0.merging(assumed) { $1 } }
        }
        let sentence = AccessDenied(principal: caller.arn, permission: permission, decision: decision).description
        switch decision {
        case .allowed(nil): return "Allowed: an account's root may do everything in its account that no policy denies."
        case .allowed(let statement?): return "Allowed by \(statement.place)."
        case .explicitlyDenied(let statement): return "Denied by \(statement.place).\n\(sentence)"
        case .implicitlyDenied: return "Denied: no statement allows it.\n\(sentence)"
        }
    }

    /// The caller that `principal` would be in a request to `region`.
    private func caller(_ principal: String, _ region: Region) async throws -> Caller {
        if principal == "anonymous" { return .anonymous(account: account, region: region) }
        guard let arn = ARN(principal), let account = AccountID(arn.account) else { throw Refusal("\(principal) is not the ARN of a principal.") }
        let found = try await services.database.read { transaction -> Caller? in
            if arn.resource == "root" {
                return try Principals.exists(account, transaction) ? .root(of: account, accessKeyID: "", region: region) : nil
            }
            return try Principals.caller(arn, region: region, transaction)
        }
        guard let found else { throw Refusal("There is no principal \(principal) here.") }
        return found
    }
}

extension DecidingStatement {
    /// `statement 2 ("pull") of the identity-based policy arn:aws:…`, statements counted from 1.
    fileprivate var place: String {
        let kind = kind == .resource ? "" : "the \(kind.rawValue) "
        return "statement \(index + 1)\(sid.map { " (\"\($0)\")" } ?? "") of \(kind)\(policy)"
    }
}
