import AWSCore
import KMS
import Stores

/// The model's GrantConstraints.
struct GrantConstraintsShape: Decodable, Sendable {
    let encryptionContextSubset: EncryptionContextShape?
    let encryptionContextEquals: EncryptionContextShape?
    let sourceArn: SourceARN?

    /// The constraints, each with at most eight pairs of 384 characters. Throws `ConstraintViolation`.
    func checked() throws -> GrantConstraints {
        for (member, context) in [("encryptionContextSubset", encryptionContextSubset), ("encryptionContextEquals", encryptionContextEquals)] {
            guard let context else { continue }
            guard context.count <= 8, context.values.allSatisfy({ $0.utf16.count <= 384 }) else {
                throw ConstraintViolation(
                    member: member, reason: "Member must have at most 8 pairs, with values of at most 384 characters")
            }
        }
        return GrantConstraints(subset: encryptionContextSubset, equals: encryptionContextEquals, source: sourceArn?.value)
    }
}

/// The ARN of a resource on whose behalf a service uses a key.
struct SourceARN: ConstrainedText {
    static let constraint = "Member must satisfy regular expression pattern: ^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$"
    let value: String

    init?(_ text: String) {
        guard (20...512).contains(text.utf16.count), let arn = ARN(text), arn.partition.hasPrefix("aws"), AccountID(arn.account) != nil,
            !arn.resource.contains(where: \.isNewline)
        else {
            return nil
        }
        value = text
    }
}

/// The model's GrantListEntry, its principals by ARN.
struct GrantShape: JSONObject, Sendable {
    let grant: Grant
    let keyARN: String
    let grantee: String
    let retiree: String?

    func members(_ json: inout JSONWriter) {
        json.member("KeyId", keyARN)
        json.member("GrantId", grant.id)
        json.member("Name", grant.name)
        json.member("CreationDate", milliseconds: grant.createdAt.milliseconds)
        json.member("GranteePrincipal", grantee)
        json.member("RetiringPrincipal", retiree)
        json.member("IssuingAccount", "arn:aws:iam::\(grant.issuer):root")
        json.member("Operations", grant.operations)
        json.member("Constraints") { json in
            json.member("EncryptionContextSubset", grant.constraints.subset)
            json.member("EncryptionContextEquals", grant.constraints.equals)
            json.member("SourceArn", grant.constraints.source)
        }
    }
}

extension KMSCall {
    /// Grants as answers show them.
    func shapes(of grants: [(grant: Grant, keyARN: String)]) async throws -> [GrantShape] {
        var shapes: [GrantShape] = []
        for (grant, keyARN) in grants {
            var retiree: String?
            if let stored = grant.retiree { retiree = try await principals.show(principal: stored) }
            shapes.append(
                GrantShape(grant: grant, keyARN: keyARN, grantee: try await principals.show(principal: grant.grantee), retiree: retiree))
        }
        return shapes
    }
}
