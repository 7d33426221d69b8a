import AWSCore
import IAM
import Identity

/// What a request asks of the session besides whose it is.
struct SessionAgreement {
    var details = SessionDetails()
    var sourceIdentity: String?
    /// Nil where AWS tells none: when there is nothing to pack.
    private(set) var packedPolicySize: Int?

    init(policy: SessionPolicy?, policyArns: PolicyDescriptors?, tags: [String: String] = [:], transitiveTagKeys: [String] = []) throws(AWSError) {
        if let policy {
            do throws(MalformedPolicy) {
                _ = try PolicyDocument(json: policy.value, as: .identity)
            } catch {
                throw AWSError("MalformedPolicyDocument", error.description)
            }
            details.policies = [policy.value]
        }
        details.policyARNs = try (policyArns?.values ?? []).compactMap(\.arn?.value).map { arn throws(AWSError) in
            guard let name = ARN(arn), name.service == "iam", name.resource.hasPrefix("policy/") else {
                throw AWSError("ValidationError", "ARN \(arn) is not valid.")
            }
            return arn
        }
        details.tags = tags
        details.transitiveTagKeys = transitiveTagKeys
        try pack()
    }

    /// Takes over the tags of the session that asks which it must pass on. Throws for one that the request sets anew.
    mutating func inherit(from session: SessionFacts?) throws(AWSError) {
        guard let session, !session.transitiveTagKeys.isEmpty else { return }
        let passedOn = Set(session.transitiveTagKeys.map { $0.lowercased() })
        guard details.tags.keys.allSatisfy({ !passedOn.contains($0.lowercased()) }) else {
            throw AWSError(
                "InvalidParameterValue",
                "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.")
        }
        details.tags.merge(session.tags.filter { passedOn.contains($0.key.lowercased()) }) { own, _ in own }
        details.transitiveTagKeys += session.transitiveTagKeys
        try pack()
    }

    private mutating func pack() throws(AWSError) {
        guard details != SessionDetails() else { return }
        do {
            packedPolicySize = try Sessions.packedSize(of: details)
        } catch let error as SessionTooLarge {
            throw AWSError("PackedPolicyTooLarge", "Packed policy consumes \(error.percent)% of allotted space, please use smaller policy.")
        } catch {
            throw AWSError("PackedPolicyTooLarge", "The session's policies and tags cannot be packed.")
        }
    }
}

extension TagList? {
    /// The session tags by key. Throws for a key twice, in any case of letters, and for AWS's own.
    func sessionTags() throws(AWSError) -> [String: String] {
        var tags: [String: String] = [:]
        var seen: Set<String> = []
        for tag in self?.values ?? [] {
            guard seen.insert(tag.key.value.lowercased()).inserted else {
                throw AWSError("InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
            }
            guard !tag.key.value.lowercased().hasPrefix("aws:") else {
                throw AWSError("InvalidParameterValue", "\"aws:\" prefixed tag key names are not allowed for external use.")
            }
            tags[tag.key.value] = tag.value.value
        }
        return tags
    }
}
