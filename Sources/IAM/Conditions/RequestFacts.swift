import AWSCore
import Foundation

/// Where the values of condition keys come from: the connection, the verified credentials, the database and the clock, never
/// a client's mere word.
///
/// Source: IAM user guide, "AWS global condition context keys". `docs/iam.md` lists the keys.
struct RequestFacts: Sendable {
    let permission: Permission
    let context: RequestContext
    /// Of the resource.
    let resourceTags: [String: String]
    /// What conditions may ask besides, by key in lower case.
    let more: [String: [String]]
    /// In milliseconds since 1970.
    let now: Int64

    /// The account of the resource, or of the registry where there is no resource.
    var owner: AccountID { permission.owner ?? context.caller.account }

    /// The values of a condition key, which is in lower case; nil when the request has none.
    @Sendable func values(of key: String) -> [String]? {
        if let values = more[key] ?? permission.facts.first(where: { $0.key.lowercased() == key })?.value { return values }
        if let slash = key.firstIndex(of: "/") { return tag(String(key[key.index(after: slash)...]), of: key[..<slash]).map { [$0] } }
        return (principal(key) ?? session(key) ?? request(key)).map { [$0] }
    }

    private func principal(_ key: String) -> String? {
        let caller = context.caller
        let isKnown = caller.kind != .anonymous
        switch key {
        case "aws:principalarn": return isKnown ? caller.principalARN : nil
        case "aws:principalaccount": return isKnown ? caller.account.description : nil
        case "aws:principaltype": return caller.principalType
        case "aws:principalisawsservice", "aws:viaawsservice": return "false"
        case "aws:userid": return isKnown ? caller.userID : "anonymous"
        case "aws:username":
            guard case .user(let name) = caller.kind else { return nil }
            return name
        default: return nil
        }
    }

    private func session(_ key: String) -> String? {
        guard let session = context.caller.session else { return nil }
        switch key {
        case "aws:tokenissuetime": return Self.date(session.issuedAt)
        // Temporary credentials always say it; no session begins with a second factor yet.
        case "aws:multifactorauthpresent": return "false"
        case "aws:federatedprovider": return session.federatedProvider
        case "aws:sourceidentity": return session.sourceIdentity
        default: return nil
        }
    }

    private func request(_ key: String) -> String? {
        switch key {
        case "aws:sourceip": context.sourceIP.isEmpty ? nil : context.sourceIP
        case "aws:securetransport": context.isSecure ? "true" : "false"
        case "aws:currenttime": Self.date(now)
        case "aws:epochtime": String(now / 1000)
        case "aws:referer": context.referer
        case "aws:useragent": context.userAgent
        case "aws:requestedregion": context.region.description
        case "aws:resourceaccount": owner.description
        default: nil
        }
    }

    /// Tag keys are the same in any case of letters, as condition keys are.
    private func tag(_ name: String, of key: Substring) -> String? {
        let tags: [String: String]
        switch key {
        case "aws:principaltag": tags = context.caller.tags
        case "aws:resourcetag", "ecr:resourcetag", "ecr-public:resourcetag": tags = resourceTags
        default: return nil
        }
        return tags.first { $0.key.lowercased() == name }?.value
    }

    /// `2026-01-31T10:00:00Z`
    private static func date(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds / 1000)).ISO8601Format()
    }
}

extension Caller {
    /// As `aws:PrincipalArn` has it: of a role's session the role's own, with its path.
    fileprivate var principalARN: String {
        guard case .role(let arn) = kind else { return arn }
        return arn
    }

    fileprivate var principalType: String {
        switch kind {
        case .root: "Account"
        case .user: "User"
        case .role: "AssumedRole"
        case .federatedUser: "FederatedUser"
        case .anonymous: "Anonymous"
        }
    }
}
